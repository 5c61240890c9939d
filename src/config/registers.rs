use clap::Args;

use super::Remote;

/// Public registers that are asked when a supplier registers: each is off unless its address is given.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Public registers, asked when a supplier registers, through HTTPS_PROXY if there is one")]
pub struct RegisterSettings {
    /// Register of companies, such as <https://recherche-entreprises.api.gouv.fr>: name and place for a SIRET
    #[arg(long, env = "COMPANY_REGISTER_URL", value_name = "URL", global = true)]
    pub company_register_url: Option<Remote>,

    /// Register of organic operators, such as <https://opendata.agencebio.org/api/gouv/operateurs/> [default: the operators that were imported]
    #[arg(long, env = "ORGANIC_REGISTER_URL", value_name = "URL", global = true)]
    pub organic_register_url: Option<Remote>,

    /// Geocoder, such as <https://data.geopf.fr/geocodage>: the point of an address
    #[arg(long, env = "GEOCODER_URL", value_name = "URL", global = true)]
    pub geocoder_url: Option<Remote>,
}

impl RegisterSettings {
    /// Whether one of them is set.
    #[must_use]
    pub fn any(&self) -> bool {
        let all = [&self.company_register_url, &self.organic_register_url, &self.geocoder_url];
        all.into_iter().any(Option::is_some)
    }
}

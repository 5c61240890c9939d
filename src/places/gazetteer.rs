//! The lists of communes, intercommunalities and departments that come with the program, and how they are looked up.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use index::gazetteer::{Entry, Gazetteer, key};
use sea_orm::{ConnectionTrait, DbErr};

use super::outline::Drawn;
use super::{Commune, InseeCode, Point, commune_point};

const COMMUNES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/vendor/gazetteer/communes.csv"));
const EPCIS: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/vendor/gazetteer/intercommunalities.csv"));
const DEPARTMENTS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/vendor/gazetteer/departments.csv"));

/// An intercommunality with its own taxation (EPCI).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intercommunality {
    /// SIREN, nine digits: `"200073419"`.
    pub code: String,
    /// `"CA du Puy-en-Velay"`.
    pub name: String,
    /// `CC`, `CA`, `CU` or `METRO…`.
    pub kind: String,
    /// Inhabitants.
    pub population: u32,
}

/// A department or an overseas collectivity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// `"43"`, `"2A"`, `"974"`.
    pub code: String,
    /// `"Haute-Loire"`.
    pub name: String,
    /// INSEE code of its region.
    pub region_code: String,
    /// `"Auvergne-Rhône-Alpes"`.
    pub region_name: String,
}

/// Every commune of France, with what it belongs to.
#[derive(Debug)]
pub struct Places {
    communes: Vec<Commune>,
    gazetteer: Arc<Gazetteer>,
    epcis: BTreeMap<String, Intercommunality>,
    departments: BTreeMap<String, Department>,
    /// Communes, by position, of each intercommunality and of each department.
    members: HashMap<String, Vec<usize>>,
    drawn: Drawn,
}

impl Places {
    /// The gazetteer that comes with the program; it is read once per process, in about a tenth of a second.
    ///
    /// # Panics
    /// When the embedded files do not have the expected columns: the build was made from damaged assets.
    #[must_use]
    pub fn embedded() -> Arc<Self> {
        static PLACES: LazyLock<Arc<Places>> = LazyLock::new(|| Arc::new(Places::new(&HashMap::new())));
        Arc::clone(&PLACES)
    }

    /// The gazetteer with the points that were imported into this database.
    ///
    /// # Errors
    /// What the database said.
    pub async fn load(db: &impl ConnectionTrait) -> Result<Arc<Self>, DbErr> {
        let points = commune_point::points(db).await?;
        Ok(if points.is_empty() { Self::embedded() } else { Arc::new(Self::new(&points)) })
    }

    fn new(points: &HashMap<InseeCode, Point>) -> Self {
        let mut communes = communes();
        for commune in &mut communes {
            commune.point = points.get(&commune.insee_code).copied().or(commune.point);
        }
        let gazetteer = Arc::new(Gazetteer::new(communes.iter().map(entry)));
        let mut members: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, commune) in communes.iter().enumerate() {
            members.entry(commune.department.clone()).or_default().push(at);
            if let Some(epci) = &commune.epci {
                members.entry(epci.clone()).or_default().push(at);
            }
        }
        let epcis = rows(EPCIS).map(|row| intercommunality(&row)).map(|epci| (epci.code.clone(), epci)).collect();
        let departments = rows(DEPARTMENTS)
            .map(|row| department(&row))
            .map(|department| (department.code.clone(), department))
            .collect();
        Self { communes, gazetteer, epcis, departments, members, drawn: Drawn::default() }
    }

    /// All communes, by INSEE code. Positions are those of [`Places::gazetteer`].
    #[must_use]
    pub fn communes(&self) -> &[Commune] {
        &self.communes
    }

    /// The names, for the search engine.
    #[must_use]
    pub fn gazetteer(&self) -> &Arc<Gazetteer> {
        &self.gazetteer
    }

    /// The commune with this INSEE code.
    #[must_use]
    pub fn commune(&self, insee_code: &str) -> Option<&Commune> {
        self.gazetteer.by_insee_code(insee_code.trim()).map(|at| &self.communes[at])
    }

    /// The communes somebody may mean who has typed this name, postal code or INSEE code so far, the likeliest first.
    ///
    /// `department` is where the question comes from: its communes come first, then large and near ones.
    #[must_use]
    pub fn search(&self, text: &str, department: Option<&str>, limit: usize) -> Vec<&Commune> {
        self.gazetteer.search(text, department, limit).into_iter().map(|at| &self.communes[at]).collect()
    }

    /// The other communes that a name or postal code may mean as well as `taken`, the largest first: `"Monistrol"` or
    /// `"43200"`. Those of the department `home` when `taken` lies there; none when it bears the name in full there.
    #[must_use]
    pub fn namesakes(&self, typed: &str, taken: &Commune, home: &str) -> Vec<&Commune> {
        let typed = key(typed);
        let is_home = taken.department == home;
        if typed.is_empty() || is_home && key(&taken.name) == typed {
            return Vec::new();
        }
        let bears = |commune: &Commune| {
            let name = key(&commune.name);
            commune.postal_codes.contains(&typed)
                || name.strip_prefix(typed.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let known = self.communes.iter().filter(|commune| commune.point.is_some());
        let near = known.filter(|commune| !is_home || commune.department == home);
        let others = near.filter(|commune| commune.insee_code != taken.insee_code);
        let mut others: Vec<&Commune> = others.filter(|commune| bears(commune)).collect();
        others.sort_by_key(|commune| std::cmp::Reverse(commune.population));
        if bears(taken) { others } else { Vec::new() }
    }

    /// The commune whose point is nearest, municipal arrondissements aside: what a delivery area is asked about.
    #[must_use]
    pub fn nearest(&self, point: Point) -> Option<&Commune> {
        let placed = self.communes.iter().filter(|commune| commune.insee_code.city() == commune.insee_code);
        // A degree of longitude is shorter than one of latitude; that is all the order needs within a few kilometres.
        let narrow = point.lat.to_radians().cos();
        let square = |p: Point| (p.lat - point.lat).powi(2) + ((p.lon - point.lon) * narrow).powi(2);
        placed
            .filter_map(|commune| Some((square(commune.point?), commune)))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, commune)| commune)
    }

    /// The intercommunality with this SIREN.
    #[must_use]
    pub fn epci(&self, code: &str) -> Option<&Intercommunality> {
        self.epcis.get(code.trim())
    }

    /// The department with this code; `"2a"` will do.
    #[must_use]
    pub fn department(&self, code: &str) -> Option<&Department> {
        self.departments.get(&code.trim().to_ascii_uppercase())
    }

    /// All departments and overseas collectivities, by code.
    pub fn departments(&self) -> impl Iterator<Item = &Department> {
        self.departments.values()
    }

    /// The communes of an intercommunality, by INSEE code, arrondissements included; empty when the code is unknown.
    pub fn communes_of_epci(&self, code: &str) -> impl Iterator<Item = &Commune> {
        self.members.get(code).into_iter().flatten().map(|at| &self.communes[*at])
    }

    /// The communes of a department, by INSEE code, arrondissements included; empty when the code is unknown.
    pub fn communes_of_department(&self, code: &str) -> impl Iterator<Item = &Commune> {
        self.members.get(code).into_iter().flatten().map(|at| &self.communes[*at])
    }

    pub(super) fn drawn(&self) -> &Drawn {
        &self.drawn
    }

    /// Positions of the communes of a department.
    pub(super) fn positions_of(&self, department: &str) -> &[usize] {
        self.members.get(department).map_or(&[], Vec::as_slice)
    }

    /// The intercommunalities with at least one commune in the department, by name: some have their seat in a
    /// neighbouring one.
    #[must_use]
    pub fn epcis_of_department(&self, code: &str) -> Vec<&Intercommunality> {
        let mut codes: Vec<&str> =
            self.communes_of_department(code).filter_map(|commune| commune.epci.as_deref()).collect();
        codes.sort_unstable();
        codes.dedup();
        let mut epcis: Vec<&Intercommunality> = codes.into_iter().filter_map(|code| self.epci(code)).collect();
        epcis.sort_by(|a, b| (&a.name, &a.code).cmp(&(&b.name, &b.code)));
        epcis
    }
}

fn entry(commune: &Commune) -> Entry<'_> {
    Entry {
        insee_code: commune.insee_code.as_str(),
        name: &commune.name,
        postal_codes: commune.postal_codes.iter().map(String::as_str).collect(),
        point: commune.point.map(|point| (point.lat, point.lon)),
        department: &commune.department,
        population: commune.population,
        former_names: commune.former_names.iter().map(|(_, name)| name.as_str()).collect(),
    }
}

fn communes() -> Vec<Commune> {
    let mut communes: Vec<Commune> = rows(COMMUNES).map(|row| commune(&row)).collect();
    let cities: HashMap<InseeCode, Option<String>> = communes
        .iter()
        .filter(|commune| matches!(commune.insee_code.as_str(), "75056" | "69123" | "13055"))
        .map(|city| (city.insee_code, city.epci.clone()))
        .collect();
    for commune in &mut communes {
        if commune.epci.is_none() {
            commune.epci = cities.get(&commune.insee_code.city()).cloned().flatten();
        }
    }
    communes
}

#[expect(clippy::expect_used, reason = "the files are part of the program and a test reads them")]
fn rows(text: &'static str) -> impl Iterator<Item = csv::StringRecord> {
    let reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    reader.into_records().map(|row| row.expect("the embedded gazetteer is a table"))
}

#[expect(clippy::expect_used, reason = "the files are part of the program and a test reads them")]
fn commune(row: &csv::StringRecord) -> Commune {
    let former = |text: &str| text.split_once(':').map(|(code, name)| (code.to_owned(), name.to_owned()));
    Commune {
        insee_code: InseeCode::parse(&row[0]).expect("the embedded gazetteer begins with INSEE codes"),
        name: row[1].to_owned(),
        postal_codes: row[2].split_whitespace().map(str::to_owned).collect(),
        point: row[3].parse().ok().zip(row[4].parse().ok()).and_then(|(lat, lon)| Point::new(lat, lon)),
        department: row[5].to_owned(),
        epci: Some(row[6].to_owned()).filter(|code| !code.is_empty()),
        population: row[7].parse().unwrap_or(0),
        former_names: row[8].split('|').filter_map(former).collect(),
    }
}

fn intercommunality(row: &csv::StringRecord) -> Intercommunality {
    Intercommunality {
        code: row[0].to_owned(),
        name: row[1].to_owned(),
        kind: row[2].to_owned(),
        population: row[3].parse().unwrap_or(0),
    }
}

fn department(row: &csv::StringRecord) -> Department {
    Department {
        code: row[0].to_owned(),
        name: row[1].to_owned(),
        region_code: row[2].to_owned(),
        region_name: row[3].to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use super::Places;

    static PLACES: LazyLock<Arc<Places>> = LazyLock::new(Places::embedded);

    #[test]
    fn every_commune_of_france_is_there() {
        assert!(PLACES.communes().len() > 34_900);
        assert!(PLACES.departments().count() > 100);
        let le_puy = PLACES.commune("43157").expect("Le Puy-en-Velay");
        assert_eq!((le_puy.name.as_str(), le_puy.department.as_str()), ("Le Puy-en-Velay", "43"));
        assert_eq!(le_puy.postal_codes, ["43000"]);
        assert_eq!(PLACES.communes_of_department("43").count(), 257);
    }

    #[test]
    fn what_a_canteen_types_finds_its_commune() {
        let first = |text| PLACES.search(text, Some("43"), 5).first().map(|commune| commune.name.as_str());
        assert_eq!(first("St Julien"), Some("Saint-Julien-Chapteuil"));
        assert_eq!(first("saint-julien chapteuil"), Some("Saint-Julien-Chapteuil"));
        assert_eq!(first("43200"), Some("Yssingeaux"));
        assert_eq!(first("le puy"), Some("Le Puy-en-Velay"));
        assert_eq!(first("le mazet st voy"), Some("Mazet-Saint-Voy"));
        assert_eq!(first("chalon s/ saone"), Some("Chalon-sur-Saône"));
    }

    #[test]
    fn an_arrondissement_belongs_to_the_intercommunality_of_its_city() {
        let epci = |code| PLACES.commune(code).and_then(|commune| commune.epci.as_deref());
        assert_eq!(epci("69383"), epci("69123"));
        assert!(epci("75101").is_some());
    }

    #[test]
    fn intercommunalities_are_known_by_code_members_and_department() {
        let velay = PLACES.epci("200073419").expect("the agglomeration of Le Puy");
        assert!(velay.name.contains("Puy-en-Velay"), "{}", velay.name);
        assert!(PLACES.communes_of_epci("200073419").any(|commune| commune.insee_code.as_str() == "43157"));
        assert!(PLACES.epcis_of_department("43").len() >= 11);
        assert_eq!(PLACES.department("2a").map(|department| department.name.as_str()), Some("Corse-du-Sud"));
        assert!(PLACES.epci("43").is_none());
    }
}

use super::Content;

/// Something that would make a listing better: which step, what to add, what it is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// Path of the step.
    pub step: &'static str,
    /// What to add.
    pub words: &'static str,
    /// What it is good for; empty when it must be there.
    pub why: &'static str,
}

/// What must be there before a listing is sent to the organisers.
#[must_use]
pub fn missing(content: &Content) -> Vec<Advice> {
    let must = |lacks: bool, step, words| lacks.then_some(Advice { step, words, why: "" });
    [
        must(content.name.is_empty(), "identite", "votre nom"),
        must(content.kind.is_none(), "identite", "ce que vous êtes"),
        must(content.phone.is_none() && content.email.is_none(), "identite", "un téléphone ou un courriel"),
        must(content.insee_code.is_none(), "lieu", "votre commune"),
        must(content.delivers.is_none(), "livraison", "si vous livrez"),
        must(content.delivers == Some(true) && !content.has_delivery_area(), "livraison", "où vous livrez"),
        must(content.offers.is_empty(), "produits", "un produit au moins"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What else would help a canteen to choose.
#[must_use]
pub fn advice(content: &Content) -> Vec<Advice> {
    let offers = &content.offers;
    let should = |lacks: bool, step, words, why| lacks.then_some(Advice { step, words, why });
    let claims = offers.iter().any(|offer| !offer.signs.is_empty());
    let unproven = content.certificates.iter().any(|held| {
        held.register_read_on.is_none() && (held.number.is_none() || held.body.is_none() || held.valid_until.is_none())
    });
    [
        should(
            !offers.is_empty() && offers.iter().any(|offer| offer.price.is_none()),
            "produits",
            "les prix",
            "une cantine écarte ce dont elle ne peut pas prévoir le coût",
        ),
        should(
            !offers.is_empty() && offers.iter().all(|offer| offer.volume_per_week.is_none()),
            "produits",
            "combien vous pouvez fournir par semaine",
            "un collège de 300 repas veut savoir si vous suffisez",
        ),
        should(
            claims && content.certificates.is_empty(),
            "certifications",
            "votre certificat",
            "sans preuve, le signe n’est montré que comme déclaré",
        ),
        should(
            unproven,
            "certifications",
            "le numéro, l’organisme et la date de fin de chaque certificat",
            "le signe compte alors comme prouvé",
        ),
        should(
            content.delivers == Some(true) && content.delivery_days.iter().next().is_none(),
            "livraison",
            "vos jours de tournée",
            "la cuisine choisit qui livre le jour qu’il lui faut",
        ),
        should(
            content.delivers == Some(true) && content.minimum_order.is_none(),
            "livraison",
            "votre commande minimum",
            "on ne vous appelle pas pour une livraison à perte",
        ),
        should(
            content.description.is_empty(),
            "identite",
            "quelques phrases de présentation",
            "on choisit plus volontiers ceux que l’on connaît un peu",
        ),
        should(content.photos.is_empty(), "photos", "une photo", "on regarde avant de lire"),
        should(
            content.phone.is_none(),
            "identite",
            "votre téléphone",
            "entre deux services, un cuisinier appelle plus qu’il n’écrit",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

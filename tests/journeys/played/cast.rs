//! Who plays: canteens and suppliers with their people, what they say when they register, and whom they wish.

use std::fmt::Write;

use futures_util::{StreamExt, stream};
use manger_local::suppliers::{
    draft::{self, Content},
    public_by_slug,
};
use poem::http::StatusCode;

use super::Play;
use super::facts::everybody;
use crate::editions::PAGE;
use crate::support::{
    Site,
    cast::import_suppliers,
    people::{Browser, accept, member},
};

/// Canteens that ask for a place, two more than there are; suppliers, the last of whom comes the day before.
const CANTEENS: usize = 30;
const SUPPLIERS: usize = 36;
/// What they are called after.
const PLACES: [&str; SUPPLIERS] = [
    "Genêts",
    "Sucs",
    "Narces",
    "Bruyères",
    "Fougères",
    "Sources",
    "Tilleuls",
    "Frênes",
    "Noyers",
    "Cerisiers",
    "Prés",
    "Champs",
    "Bois",
    "Landes",
    "Rochers",
    "Orgues",
    "Volcans",
    "Lacs",
    "Rivières",
    "Cascades",
    "Moulins",
    "Ponts",
    "Chemins",
    "Clos",
    "Vergers",
    "Jardins",
    "Ruches",
    "Bergers",
    "Meules",
    "Granges",
    "Terrasses",
    "Collines",
    "Gorges",
    "Plateaux",
    "Vallons",
    "Sommets",
];
const KINDS: [&str; 6] = ["Collège", "Lycée", "Maison de retraite", "École", "Crèche", "Cuisine centrale"];

/// An organisation, its people and the browser of the first of them.
pub(super) struct Guest<'a> {
    pub(super) organisation: i64,
    pub(super) name: String,
    pub(super) is_canteen: bool,
    pub(super) addresses: Vec<String>,
    pub(super) browser: Browser<'a>,
    /// Its place on its side, from 0: what it says depends on it.
    pub(super) place: usize,
}

impl Guest<'_> {
    /// Where it does something at the edition.
    pub(super) fn at(&self, what: &str) -> String {
        format!("{PAGE}/{what}/{}", self.organisation)
    }

    /// Whether it says nobody whom it would meet.
    pub(super) fn is_silent(&self) -> bool {
        self.place % 10 == 8
    }

    /// What it says when it registers: who comes, when, and how many appointments it wants.
    pub(super) fn form(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("nom-1", format!("Sophie {}", PLACES[self.place])), ("repas", "1".to_owned())];
        let mut say = |name, value: &str| fields.push((name, value.to_owned()));
        match self.place % 9 {
            1 => say("arrivee", "10 h"),
            4 => say("depart", "15 h"),
            6 => {
                say("absence_de", "10 h 10");
                say("absence_a", "10 h 40");
            }
            7 if self.place > 9 => say("arrivee", "14 h"),
            _ => {}
        }
        let sits_twice = self.place == 2;
        if sits_twice {
            say("nom-2", "Paul Roche");
            say("tables", "2");
        }
        let most = if sits_twice { 14 } else { 5 + self.place % 4 };
        say("maximum", &most.to_string());
        fields
    }
}

/// Numbers that look random and are the same each time.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % count as u64).unwrap()
    }
}

/// Founds everybody; of every eighth organisation two people.
pub(super) async fn found<'a>(site: &'a Site, claire: &Browser<'a>) -> Vec<Guest<'a>> {
    let mut guests = Vec::new();
    let canteens =
        (0..CANTEENS).map(|place| (format!("{} des {}", KINDS[place % KINDS.len()], PLACES[place]), place, true));
    let suppliers = (0..SUPPLIERS).map(|place| (format!("Ferme des {}", PLACES[place]), place, false));
    for (organisation, (name, place, is_canteen)) in (1..).zip(canteens.chain(suppliers)) {
        let house = if is_canteen { "cantine" } else { "ferme" };
        let mut addresses = vec![format!("un@{house}{place}.example")];
        let browser = member(&site.app, claire, &name, &addresses[0]).await;
        if place % 8 == 2 {
            let second = format!("deux@{house}{place}.example");
            let invited = browser.post(&format!("/equipes/{organisation}/invitations"), &[("courriel", &second)]).await;
            assert_eq!(invited.status, StatusCode::SEE_OTHER, "{:?}", invited.page.texts(".error"));
            accept(&site.app, &site.browser, &second).await;
            addresses.push(second);
        }
        guests.push(Guest { organisation, name, is_canteen, addresses, browser, place });
    }
    list(site, &guests).await;
    guests
}

/// Gives every supplier a listing that everybody sees.
async fn list(site: &Site, guests: &[Guest<'_>]) {
    let mut table = "Référence;Nom;Type;Code INSEE;Téléphone;Courriel\n".to_owned();
    let suppliers: Vec<&Guest<'_>> = guests.iter().filter(|guest| !guest.is_canteen).collect();
    for guest in &suppliers {
        let (name, place) = (&guest.name, guest.place);
        let _ = writeln!(table, "F{place};{name};Producteur;43157;04 71 00 00 {place:02};vente@ferme{place}.example");
    }
    let report = import_suppliers(&site.app, &table).await;
    assert!(report.is_clean(), "{report}");
    let (txn, now) = (site.app.write().await.unwrap(), site.app.clock.now());
    for guest in suppliers {
        let slug = guest.name.to_lowercase().replace(' ', "-").replace(['ê', 'è', 'é'], "e");
        let listing = public_by_slug(&txn, &slug).await.unwrap().unwrap_or_else(|| panic!("no listing {slug}"));
        let content = Content::of(&listing);
        draft::begin(&txn, guest.organisation, &content, Some(&listing.supplier), 1, now).await.unwrap();
    }
    txn.commit().await.unwrap();
}

/// Whom a participant wishes, the most wanted first, and whom it would rather not meet. The first of the other side are
/// asked for more often.
fn wishes(guest: &Guest<'_>, others: &[i64], chance: &mut Chance) -> (Vec<i64>, Option<i64>) {
    let mut wanted = Vec::new();
    let count = 8 + chance.below(5);
    while wanted.len() < count {
        let one = others[chance.below(others.len()).min(chance.below(others.len()))];
        if !wanted.contains(&one) {
            wanted.push(one);
        }
    }
    let avoided = others.iter().find(|one| !wanted.contains(one)).filter(|_| guest.place % 5 == 3);
    (wanted, avoided.copied())
}

impl Play<'_> {
    /// Those of these organisations say whom they would meet, each in its own browser.
    pub(super) async fn wish(&mut self, who_does: impl Fn(&Guest<'_>) -> bool) {
        let whos = everybody(self.site).await;
        let row = |guest: &Guest<'_>| whos.iter().find(|who| who.organisation == guest.organisation && who.comes());
        let others = |is_canteen: bool| -> Vec<i64> {
            whos.iter().filter(|who| who.is_canteen != is_canteen && who.comes()).map(|who| who.id).collect()
        };
        let (for_canteens, for_suppliers) = (others(true), others(false));
        let mut asked = Vec::new();
        for guest in self.guests.iter().filter(|guest| row(guest).is_some() && who_does(guest)) {
            let others = if guest.is_canteen { &for_canteens } else { &for_suppliers };
            asked.push((guest, wishes(guest, others, &mut self.chance)));
        }
        self.avoided += asked.iter().filter(|(_, (_, avoided))| avoided.is_some()).count();
        let said = asked.iter().map(|(guest, (wanted, avoided))| choose(guest, wanted, *avoided));
        stream::iter(said).buffer_unordered(4).collect::<Vec<()>>().await;
    }

    /// An organisation.
    pub(super) fn guest(&self, organisation: i64) -> &Guest<'_> {
        self.guests.iter().find(|guest| guest.organisation == organisation).expect("an organisation")
    }
}

async fn choose(guest: &Guest<'_>, wanted: &[i64], avoided: Option<i64>) {
    let presses = wanted.iter().map(|one| (*one, "rencontrer")).chain(avoided.map(|one| (one, "eviter")));
    for (other, press) in presses {
        let said = guest.browser.post(&format!("{}/{other}", guest.at("souhaits")), &[("geste", press)]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER);
        assert!(!said.location.unwrap().contains("fait=clos"), "{} may choose", guest.name);
    }
}

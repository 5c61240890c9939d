//! The mails about rides. Each holds a link to the page of who reads it, so they are secret; what they say is the same as
//! on that page, and their text is forgotten before it is.

use std::collections::HashMap;

use chrono::NaiveTime;
use sea_orm::DatabaseTransaction;

use super::board::{News, Told as Moved};
use super::entry::{Entry, Side};
use super::road::{Road, Way};
use crate::app::App;
use crate::farm_visits::farm_visit::FarmVisit;
use crate::farm_visits::link;
use crate::farm_visits::mail::{hours, location, party};
use crate::farm_visits::registration::{self, Registration};
use crate::farm_visits::visit_date::VisitDate;
use crate::mail::{Content, EmailAddress, Letterhead, NewMail, NotEnqueued, Sender, enqueue, letter};
use crate::web::french;

/// What a line of facts is called, and what it says.
pub(super) type Fact = (&'static str, String);

/// What a mail about a ride tells.
#[derive(Clone)]
struct Told<'a> {
    title: &'a str,
    /// « jeudi 20 mai 2027 »
    day: &'a str,
    /// « de 9 h 30 à 12 h »
    hours: &'a str,
    location: &'a str,
    /// What the mail is about, for its subject.
    about: &'static str,
    /// What happened, a sentence.
    what: String,
    /// About whom one goes with.
    facts: Vec<Fact>,
    link: String,
}

letter!(
    draw_asked,
    Told,
    "farm_visits/mail/carpool_asked/subject.txt",
    "farm_visits/mail/carpool_asked/body.txt",
    "farm_visits/mail/carpool_asked/body.html"
);
letter!(
    draw_agreed,
    Told,
    "farm_visits/mail/carpool_agreed/subject.txt",
    "farm_visits/mail/carpool_agreed/body.txt",
    "farm_visits/mail/carpool_agreed/body.html"
);
letter!(
    draw_over,
    Told,
    "farm_visits/mail/carpool_over/subject.txt",
    "farm_visits/mail/carpool_over/body.txt",
    "farm_visits/mail/carpool_over/body.html"
);
letter!(
    draw_changed,
    Told,
    "farm_visits/mail/carpool_changed/subject.txt",
    "farm_visits/mail/carpool_changed/body.txt",
    "farm_visits/mail/carpool_changed/body.html"
);

letter!(
    draw_found,
    Told,
    "farm_visits/mail/carpool_found/subject.txt",
    "farm_visits/mail/carpool_found/body.txt",
    "farm_visits/mail/carpool_found/body.html"
);

type Draw = fn(&Letterhead, &Told<'_>) -> askama::Result<Content>;

impl News {
    /// Kind of the mail, what draws it, what it is about.
    fn letter(self, to: Side) -> (&'static str, Draw, &'static str) {
        match (self, to) {
            (Self::Asked, Side::Offer) => ("carpool_asked", draw_asked, "une demande de covoiturage"),
            (Self::Asked, Side::Request) => ("carpool_asked", draw_asked, "une place en voiture proposée"),
            (Self::Agreed, _) => ("carpool_agreed", draw_agreed, "covoiturage convenu"),
            (Self::Declined, _) => ("carpool_declined", draw_over, "covoiturage refusé"),
            (Self::Parted, _) => ("carpool_parted", draw_over, "covoiturage annulé"),
            (Self::Gone, _) => ("carpool_gone", draw_over, "covoiturage sans suite"),
            (Self::Changed, _) => ("carpool_changed", draw_changed, "covoiturage changé"),
            (Self::Moved, _) => ("carpool_moved", draw_changed, "covoiturage à revoir"),
            (Self::Found, _) => ("carpool_found", draw_found, "une voiture pour vous"),
        }
    }

    /// What happened, for the driver or for who goes along.
    fn sentence(self, to: Side, other: Option<&Entry>) -> String {
        let seats = other.map(|other| party(other.seats)).unwrap_or_default();
        match (self, to) {
            (Self::Asked, Side::Offer) => {
                format!("Quelqu’un demande une place dans votre voiture ({seats}).")
            }
            (Self::Asked, Side::Request) => "Quelqu’un vous propose une place dans sa voiture.".to_owned(),
            (Self::Agreed, Side::Offer) => format!("C’est d’accord\u{a0}: vous emmenez {seats}."),
            (Self::Agreed, Side::Request) => "C’est d’accord\u{a0}: vous avez une place en voiture.".to_owned(),
            (Self::Declined, Side::Offer) => "La personne à qui vous proposiez une place ne la prend pas.".to_owned(),
            (Self::Declined, Side::Request) => {
                "La voiture que vous aviez demandée ne peut pas vous emmener.".to_owned()
            }
            (Self::Parted, Side::Offer) => format!("Votre passager ne voyage plus avec vous\u{a0}: {seats} de moins."),
            (Self::Parted, Side::Request) => "La voiture qui devait vous emmener ne le peut plus.".to_owned(),
            (Self::Gone, Side::Offer) => {
                "Une personne avec qui vous étiez en discussion n’a plus besoin de place.".to_owned()
            }
            (Self::Gone, Side::Request) => {
                "Une voiture avec qui vous étiez en discussion n’a plus de place.".to_owned()
            }
            (Self::Changed, Side::Offer) => "Votre passager a changé ce qu’il cherche.".to_owned(),
            (Self::Changed, Side::Request) => "La voiture qui vous emmène part autrement.".to_owned(),
            (Self::Found, _) => "Une voiture qui peut vous prendre vient d’être proposée.".to_owned(),
            (Self::Moved, _) => "La visite a changé d’heure ou de lieu\u{a0}: convenez-en de nouveau.".to_owned(),
        }
    }

    /// Whether the other is known by name.
    fn is_open(self) -> bool {
        matches!(self, Self::Agreed | Self::Parted | Self::Changed)
    }
}

/// What the mails of one date have in common.
pub(super) struct Post<'a> {
    app: &'a App,
    head: Letterhead,
    sender: Sender,
    road: Road<'a>,
    date: &'a VisitDate,
    title: String,
    day: String,
    hours: String,
    location: String,
}

impl<'a> Post<'a> {
    /// Readies them.
    ///
    /// # Errors
    /// When the settings name no sender.
    pub(super) fn new(app: &'a App, visit: &FarmVisit, date: &'a VisitDate) -> Result<Self, NotEnqueued> {
        Ok(Self {
            app,
            head: Letterhead::new(&app.config),
            sender: Sender::new(&app.config)?,
            road: Road::new(app, visit, date),
            date,
            title: french::typographic(&visit.title),
            day: french::day(app.local(date.starts_at).date()),
            hours: hours(app, date),
            location: location(app, visit),
        })
    }

    /// Writes one mail for each of these, in their order.
    ///
    /// # Errors
    /// When a mail cannot be made or written down.
    pub(super) async fn tell(&self, txn: &DatabaseTransaction, told: &[Moved]) -> Result<(), NotEnqueued> {
        let both = told
            .iter()
            .flat_map(|one| [Some(one.to.registration_id), one.other.as_ref().map(|one| one.registration_id)]);
        let keys: Vec<i64> = both.flatten().collect();
        let people = registration::by_keys(txn, &keys).await?;
        let people: HashMap<i64, Registration> = people.into_iter().map(|row| (row.id, row)).collect();
        for one in told {
            self.tell_one(txn, one, &people).await?;
        }
        Ok(())
    }

    async fn tell_one(
        &self,
        txn: &DatabaseTransaction,
        Moved { to, other, news }: &Moved,
        people: &HashMap<i64, Registration>,
    ) -> Result<(), NotEnqueued> {
        let Some(reader) = people.get(&to.registration_id) else { return Ok(()) };
        let person = other.as_ref().and_then(|other| Some((other, people.get(&other.registration_id)?)));
        let (kind, draw, about) = news.letter(to.side);
        let token = self.app.random.token();
        link::open(txn, reader.id, &token).await?;
        let facts = person.map(|(other, row)| {
            let way = self.road.way(to, other);
            facts(self.app, way, other, row, news.is_open())
        });
        let told = Told {
            title: &self.title,
            day: &self.day,
            hours: &self.hours,
            location: &self.location,
            about,
            what: news.sentence(to.side, other.as_ref()),
            facts: facts.unwrap_or_default(),
            link: format!("{}/visites/inscription/{token}/covoiturage", self.app.config.public_url()),
        };
        let mail = NewMail {
            kind,
            about: format!("carpools/{}", to.id),
            version: u32::try_from(to.version).unwrap_or(u32::MAX),
            to: &EmailAddress::parse(&reader.email).map_err(|_| NotEnqueued::Address)?,
            content: draw(&self.head, &told)?,
            is_secret: true,
            useful_until: Some(self.date.starts_at),
        };
        enqueue(txn, &self.sender, &self.app.random, mail, self.app.clock.now()).await.map(drop)
    }
}

/// What is said of the other: where, when, how many, for whom; who it is only when both agreed.
pub(super) fn facts(app: &App, way: Option<Way>, other: &Entry, row: &Registration, is_open: bool) -> Vec<Fact> {
    let commune = app.places.commune(&other.insee_code).map(|commune| commune.name.clone()).unwrap_or_default();
    let leaves = clock(other.leaves_at);
    let mut all = Vec::new();
    if is_open {
        all.extend([
            ("Nom", french::typographic(&row.name)),
            ("Courriel", row.email.clone()),
            ("Téléphone", other.phone.clone()),
        ]);
    }
    all.push(("Organisation", french::typographic(&row.organisation)));
    let passes = way.map(|way| format!("vers {}", clock(way.passes_at))).unwrap_or_default();
    match other.side {
        Side::Offer => {
            all.extend([("Départ", format!("{commune}, à {leaves}")), ("Passage chez vous", passes)]);
            if !is_open {
                all.push(("Places libres", other.free().to_string()));
            }
        }
        Side::Request => all.extend([
            ("À prendre", format!("{commune}, pas avant {leaves}")),
            ("Vous y passez", passes),
            ("Personnes", other.seats.to_string()),
        ]),
    }
    let way_back = if other.is_return { "aller et retour" } else { "aller seulement" };
    let detour = way.and_then(|way| way.detour_km).map(|km| format!("{}, ", detour(km))).unwrap_or_default();
    all.push(("Trajet", format!("{detour}{way_back}")));
    if is_open {
        all.push(("Son mot", french::typographic(&other.words)));
    }
    all.retain(|(_, text)| !text.is_empty());
    all
}

/// « environ 6 km de détour », « sans détour »
pub(super) fn detour(km: f64) -> String {
    if km < 1.0 { "sans détour".to_owned() } else { format!("{} de détour", french::distance(km)) }
}

/// Minutes since midnight as « 8 h 15 ».
pub(super) fn clock(minutes: i32) -> String {
    let seconds = u32::try_from(minutes.rem_euclid(24 * 60) * 60).unwrap_or_default();
    french::time(NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default())
}

/// One of each mail about rides, with the folder of its templates.
///
/// # Errors
/// When one cannot be drawn.
pub(in crate::farm_visits) fn samples(head: &Letterhead) -> askama::Result<Vec<(&'static str, Content)>> {
    let hidden = [
        ("Organisation", "Collège des Hauts"),
        ("À prendre", "Saint-Hostien, pas avant 8\u{a0}h"),
        ("Vous y passez", "vers 8\u{a0}h\u{a0}15"),
        ("Personnes", "2"),
        ("Trajet", "environ 6\u{a0}km de détour, aller et retour"),
    ];
    let open = [
        ("Nom", "Sophie Arnaud"),
        ("Courriel", "sophie.arnaud@college.example"),
        ("Téléphone", "06\u{a0}00\u{a0}00\u{a0}00\u{a0}00"),
        ("Organisation", "Collège des Hauts"),
        ("Départ", "Le Puy-en-Velay, à 8\u{a0}h"),
        ("Passage chez vous", "vers 8\u{a0}h\u{a0}15"),
        ("Son mot", "Rendez-vous devant la mairie."),
    ];
    let all = [
        ("farm_visits/mail/carpool_asked", News::Asked, Side::Offer, &hidden[..]),
        ("farm_visits/mail/carpool_agreed", News::Agreed, Side::Request, &open[..]),
        ("farm_visits/mail/carpool_over", News::Parted, Side::Request, &open[..1]),
        ("farm_visits/mail/carpool_changed", News::Moved, Side::Offer, &[][..]),
        ("farm_visits/mail/carpool_found", News::Found, Side::Request, &open[3..6]),
    ];
    let draw = |(folder, news, to, facts): (&'static str, News, Side, &[(&'static str, &str)])| {
        let (_, draw, about) = news.letter(to);
        let what = news.sentence(to, None).replace(" ()", " (2\u{a0}personnes)");
        let told = Told {
            title: "Ferme des Genêts\u{a0}: lentilles et vaches laitières",
            day: "jeudi 20 mai 2027",
            hours: "de 9\u{a0}h\u{a0}30 à 12\u{a0}h",
            location: "GAEC des Genêts, Le Bourg, 43200 Yssingeaux",
            about,
            what,
            facts: facts.iter().map(|(what, text)| (*what, (*text).to_owned())).collect(),
            link: format!("{}/visites/inscription/0123456789abcdef0123456789abcdef/covoiturage", head.address),
        };
        Ok((folder, draw(head, &told)?))
    };
    all.into_iter().map(draw).collect()
}

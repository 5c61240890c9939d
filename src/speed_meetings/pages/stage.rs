//! On to the next state, or back: first what it sends and to how many, then the button.

use askama::Template;
use poem::http::StatusCode;
use poem::web::Data;
use poem::{Response, handler};
use sea_orm::ActiveEnum;
use serde::Deserialize;

use super::desk::Workshop;
use crate::app::App;
use crate::audit::{self, Act, By};
use crate::speed_meetings::edition::{Edition, Side, State};
use crate::speed_meetings::plan::{Lack, Plan};
use crate::speed_meetings::publication::pages::desk as publication;
use crate::speed_meetings::step::{self, Asked, Refusal, Sending, Sendings, Stepped, Way, change_state};
use crate::web::{Csrf, Error, Form, Frame, Result, filters, french, page_with, private, see_other};

/// What was pressed, and where one saw the edition.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    geste: String,
    vu: String,
    /// Sides that the opening invites: `oui`.
    cantine: String,
    fournisseur: String,
}

impl Typed {
    fn sides(&self) -> Vec<Side> {
        let both = [(Side::Canteen, &self.cantine), (Side::Supplier, &self.fournisseur)];
        both.into_iter().filter(|(_, ticked)| *ticked == "oui").map(|(side, _)| side).collect()
    }
}

#[derive(Template)]
#[template(path = "speed_meetings/stage.html")]
struct StagePage {
    edition: Edition,
    /// Where the next step leads.
    forward: Option<Target>,
    /// What it sends.
    sendings: Sendings,
    /// What is missing before it: section of the page, and words.
    lacks: Vec<(&'static str, &'static str)>,
    /// Where one step back leads.
    back: Option<Target>,
    /// Why not back.
    stays: Option<String>,
    csrf: Csrf,
    frame: Frame,
}

/// A state as it is offered.
struct Target {
    label: &'static str,
    verb: &'static str,
    meaning: &'static str,
}

impl From<State> for Target {
    fn from(to: State) -> Self {
        Self { label: to.label(), verb: verb(to), meaning: meaning(to) }
    }
}

impl StagePage {
    fn done(&self) -> Option<&'static str> {
        (self.frame.done() == "ailleurs")
            .then_some("La rencontre a changé d’étape entre-temps\u{a0}: rien n’a été fait. Voici où elle en est.")
    }

    /// The mails of which the organiser chooses who gets them: code of the side, words.
    fn chosen(&self) -> Vec<(&'static str, String)> {
        let chosen = self.sendings.each.iter().filter_map(|sending| Some((sending.side?.code(), told(sending))));
        chosen.collect()
    }

    /// The other mails.
    fn sent(&self) -> Vec<String> {
        self.sendings.each.iter().filter(|sending| sending.side.is_none()).map(told).collect()
    }

    /// What is to be said when people sit on both sides.
    fn overlap(&self) -> Option<String> {
        let each: i32 = self.sendings.each.iter().map(|sending| sending.count).sum();
        (each > self.sendings.total).then(|| {
            let total = u64::try_from(self.sendings.total).unwrap_or_default();
            let total = french::count(total, "courriel", "courriels");
            format!("Qui est des deux côtés n’en reçoit qu’un\u{a0}: {total} en tout.")
        })
    }

    /// Where the timetable is read once more and published, when that is next.
    fn publication(&self) -> Option<String> {
        (self.edition.state == State::Timetable).then(|| publication::path(&self.edition))
    }

    /// The state in which one sees it.
    fn seen(&self) -> String {
        self.edition.state.to_value()
    }
}

/// « aux cantines : 12 courriels »
fn told(sending: &Sending) -> String {
    let count = u64::try_from(sending.count).unwrap_or_default();
    format!("{}\u{a0}: {}", sending.what, french::count(count, "courriel", "courriels"))
}

/// What the button to a state says.
pub(super) fn verb(to: State) -> &'static str {
    match to {
        State::Draft => "Fermer la page publique",
        State::Registration => "Ouvrir les inscriptions",
        State::Wishes => "Clore les inscriptions et recueillir les souhaits",
        State::Timetable => "Clore les souhaits et préparer le planning",
        State::Published => "Publier le planning",
        State::Running => "Commencer la journée",
        State::Closed => "Terminer la rencontre",
        State::FollowedUp => "Clore le suivi",
    }
}

/// What a state means for those who take part.
fn meaning(to: State) -> &'static str {
    match to {
        State::Draft => "Seuls les organisateurs voient la rencontre.",
        State::Registration => "La page de la rencontre devient publique. Cantines et fournisseurs peuvent s’inscrire.",
        State::Wishes => "Plus personne ne s’inscrit seul. Les inscrits disent qui ils veulent rencontrer.",
        State::Timetable => "Les souhaits ne changent plus. Vous préparez le planning des rendez-vous.",
        State::Published => "Chaque inscrit voit ses rendez-vous.",
        State::Running => "C’est le jour\u{a0}: accueil, rendez-vous, absences.",
        State::Closed => "La journée est finie. Plus rien ne change\u{a0}: ni horaires, ni tables, ni textes.",
        State::FollowedUp => {
            "Ce que la rencontre a donné est connu\u{a0}: plus rien ne se note, plus aucune question ne part, le bilan ne bouge plus."
        }
    }
}

/// `GET /organisation/rencontres/{key}/etape`
#[handler]
pub(crate) async fn ask(app: Data<&App>, workshop: Workshop, frame: Frame, csrf: Csrf) -> Result<Response> {
    draw(&app, StatusCode::OK, &workshop.plan, frame, csrf).await
}

async fn draw(app: &App, status: StatusCode, plan: &Plan, frame: Frame, csrf: Csrf) -> Result<Response> {
    let (today, zone) = (app.today(), app.config.time_zone);
    let forward = step::possible(&app.db, plan, Way::Forward, today, zone).await?;
    let back = step::possible(&app.db, plan, Way::Back, today, zone).await?;
    let lacks = match &forward {
        Err(Refusal::Lacks(lacks)) => lacks.iter().map(|lack| missing(*lack)).collect(),
        _ => Vec::new(),
    };
    let stays = match &back {
        Err(Refusal::Sent(count)) => {
            let count = u64::try_from(*count).unwrap_or_default();
            Some(format!(
                "On ne peut plus revenir en arrière\u{a0}: {} déjà partis.",
                french::count(count, "courriel est", "courriels sont")
            ))
        }
        Err(Refusal::Invited) => {
            Some("On ne peut plus revenir en arrière\u{a0}: des invitations sont parties.".to_owned())
        }
        Err(Refusal::Begun) => {
            Some("On ne peut plus revenir en arrière\u{a0}: des arrivées ou des absences sont notées.".to_owned())
        }
        Err(Refusal::Asked) => {
            Some("On ne peut plus revenir en arrière\u{a0}: les courriels d’après la rencontre sont partis.".to_owned())
        }
        Err(Refusal::Peopled) => {
            Some("On ne peut plus revenir en arrière\u{a0}: des organisations se sont inscrites.".to_owned())
        }
        _ => None,
    };
    let next = plan.edition.state.next();
    let sendings = match next {
        Some(to) => step::sendings(&app.db, plan, to).await?,
        None => Sendings::default(),
    };
    let view = StagePage {
        edition: plan.edition.clone(),
        sendings,
        forward: next.map(Target::from),
        lacks,
        back: back.ok().map(Target::from),
        stays,
        csrf,
        frame,
    };
    Ok(private(page_with(status, &view)?))
}

fn missing(lack: Lack) -> (&'static str, &'static str) {
    match lack {
        Lack::Day => ("lieu", "Le jour de la rencontre est passé."),
        Lack::Deadline => ("inscription", "Le dernier jour pour s’inscrire est passé."),
        Lack::Place => ("lieu", "Il manque la salle ou la commune."),
        Lack::Hours => ("horaires", "Les séances ne tiennent pas dans la journée."),
        Lack::Tables => ("tables", "Il n’y a pas de table."),
    }
}

/// `POST /organisation/rencontres/{key}/etape`
#[handler]
pub(crate) async fn change(
    app: Data<&App>,
    workshop: Workshop,
    frame: Frame,
    csrf: Csrf,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let here = format!("{}/etape", workshop.plan.edition.desk());
    let way = match typed.geste.as_str() {
        "avancer" => Way::Forward,
        "reculer" => Way::Back,
        _ => return Ok(see_other(&here)),
    };
    let Ok(seen) = State::try_from_value(&typed.vu) else { return Ok(see_other(&here)) };
    if (way, seen) == (Way::Forward, State::Timetable) {
        // One reads first what everybody will read.
        return Ok(see_other(&publication::path(&workshop.plan.edition)));
    }
    let sides = typed.sides();
    let asked = Asked { seen, way, sides: &sides, by: workshop.me.id };
    let txn = app.write().await?;
    let plan = Plan::lock(&txn, workshop.plan.edition.id).await?.ok_or(Error::NotFound)?;
    match change_state(&txn, &app, &plan, &asked).await? {
        Stepped::To(to) => {
            let act = Act::new("a changé l’étape d’une rencontre", format!("editions/{}", plan.edition.id));
            let words = format!("{}\u{a0}: {} → {}", plan.edition.title, seen.label(), to.label());
            audit::record(&txn, By::Person(workshop.me.id), act.with(words), app.clock.now()).await?;
            txn.commit().await?;
            Ok(see_other(&format!("{}?fait=etape", plan.edition.desk())))
        }
        Stepped::Elsewhere => Ok(see_other(&format!("{here}?fait=ailleurs"))),
        Stepped::Refused(_) => {
            drop(txn);
            draw(&app, StatusCode::UNPROCESSABLE_ENTITY, &plan, frame, csrf).await
        }
    }
}

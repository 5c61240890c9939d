//! Who was invited, how, and what became of it.

use askama::Template;
use poem::http::StatusCode;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Deserialize;

use crate::app::App;
use crate::speed_meetings::edition::{Edition, Side, State};
use crate::speed_meetings::invitations::audience::{self, Audience, Guest};
use crate::speed_meetings::invitations::invitation::{Invitation, Way};
use crate::speed_meetings::invitations::trace::{Answer, Entry, Trace, side_label};
use crate::speed_meetings::pages::desk::Workshop;
use crate::speed_meetings::participant::Standing;
use crate::speed_meetings::plan::Plan;
use crate::speed_meetings::registration::{self, Asks};
use crate::speed_meetings::section::typed_day;
use crate::suppliers::draft::Typed;
use crate::tables::fold;
use crate::web::{Csrf, FieldErrors, Frame, Pages, Result, filters, french, page_with, private};

/// Organisations on a page.
const SHOWN: u64 = 50;
/// Organisations that no mail reaches, named at most.
const NAMED: usize = 12;

/// Address of the page of an edition.
pub(super) fn path(edition: &Edition) -> String {
    format!("{}/invitations", edition.desk())
}

/// What is looked for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
    /// How many mails left, once they did.
    partis: u64,
}

#[derive(Template)]
#[template(path = "speed_meetings/invitations/list.html")]
struct InvitationsPage {
    edition: Edition,
    day: String,
    sides: Vec<SideView>,
    /// What may be sent now; nothing unless one can register.
    errands: Option<[ErrandView; 2]>,
    out_of_reach: Option<String>,
    lines: Vec<Line>,
    asked: Asked,
    typed: Typed,
    errors: FieldErrors,
    pages: Pages,
    csrf: Csrf,
    frame: Frame,
}

/// What one side was told and answered.
struct SideView {
    title: &'static str,
    sentences: Vec<String>,
}

/// Mails that could leave.
struct ErrandView {
    code: &'static str,
    title: &'static str,
    /// To how many people.
    count: i32,
    /// « 12 courriels, pour 9 organisations »
    told: String,
    /// When there is nobody.
    nobody: &'static str,
    button: String,
}

/// Somebody who was invited.
struct Line {
    name: String,
    side: &'static str,
    answer: &'static str,
    times: Vec<Time>,
}

/// One time.
struct Time {
    words: String,
    /// Key of a row that an organiser wrote.
    own: Option<i64>,
}

impl InvitationsPage {
    fn path(&self) -> String {
        path(&self.edition)
    }

    fn is_draft(&self) -> bool {
        self.edition.state == State::Draft
    }

    fn done(&self) -> Option<String> {
        match self.frame.done() {
            "envoi" => Some(match self.asked.partis {
                1 => "Un courriel part.".to_owned(),
                count => format!("{} partent.", french::count(count, "courriel", "courriels")),
            }),
            "note" => Some("L’invitation est notée.".to_owned()),
            "retrait" => Some("La ligne est retirée.".to_owned()),
            _ => None,
        }
    }

    fn warned(&self) -> Option<&'static str> {
        (self.frame.done() == "nombre")
            .then_some("Le nombre de courriels a changé entre-temps\u{a0}: rien n’est parti. Voici où l’on en est.")
    }

    /// Code, words, whether chosen.
    fn ways(&self) -> Vec<(&'static str, &'static str, bool)> {
        let (all, typed) = ([Way::Letter, Way::Telephone, Way::Notice, Way::Mail, Way::Other], self.typed.of("moyen"));
        all.map(|way| (way.code(), way.label(), way.code() == typed)).to_vec()
    }

    /// The same of sides.
    fn choices(&self) -> Vec<(&'static str, &'static str, bool)> {
        let all = [("fournisseur", "Fournisseur"), ("cantine", "Cantine"), ("tous", "Cantines et fournisseurs")];
        all.map(|(code, words)| (code, words, code == self.typed.of("cote"))).to_vec()
    }
}

/// `GET /organisation/rencontres/{key}/invitations`
#[handler]
pub(crate) async fn list(
    app: Data<&App>,
    workshop: Workshop,
    Query(asked): Query<Asked>,
    frame: Frame,
    csrf: Csrf,
) -> Result<Response> {
    let mut typed = Typed::default();
    typed.put("jour", typed_day(app.today()));
    draw(&app, workshop.plan, (typed, FieldErrors::default()), asked, (frame, csrf)).await
}

/// Draws the page with what was typed into the form of a line, and what is wrong with it.
pub(super) async fn draw(
    app: &App,
    plan: Plan,
    (typed, errors): (Typed, FieldErrors),
    asked: Asked,
    (frame, csrf): (Frame, Csrf),
) -> Result<Response> {
    let edition = plan.edition;
    let trace = Trace::of(&app.db, edition.id).await?;
    let wanted = fold(&asked.q);
    let shown: Vec<&Entry> = trace.entries.iter().filter(|entry| fold(&entry.name).contains(&wanted)).collect();
    let pages = Pages::asked(frame.uri(), SHOWN, shown.len() as u64);
    let from = usize::try_from(pages.offset()).unwrap_or_default();
    let lines = shown.iter().skip(from).take(usize::try_from(SHOWN).unwrap_or_default()).map(|entry| Line::new(entry));
    let lines = lines.collect();
    let fresh = audience::not_yet_invited(&app.db, edition.id).await?;
    let silent = audience::silent(&app.db, edition.id, app.today()).await?;
    let is_known = |guest: &&Guest| !trace.has_invited(guest.id);
    let out_of_reach = named(&fresh.out_of_reach.iter().filter(is_known).collect::<Vec<_>>());
    let is_open = registration::is_open(&edition, Asks::Own, app.today());
    let errands = is_open.then(|| [ErrandView::invite(&fresh), ErrandView::remind(&silent)]);
    let sides =
        vec![SideView::new("Cantines", Side::Canteen, &trace), SideView::new("Fournisseurs", Side::Supplier, &trace)];
    let (day, status) = (french::day(edition.held_on), status(&errors));
    let view =
        InvitationsPage { edition, day, sides, errands, out_of_reach, lines, asked, typed, errors, pages, csrf, frame };
    Ok(private(page_with(status, &view)?))
}

fn status(errors: &FieldErrors) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The first of these names, and how many there are besides.
fn named(guests: &[&Guest]) -> Option<String> {
    let names: Vec<String> = guests.iter().take(NAMED).map(|guest| french::typographic(&guest.name)).collect();
    let more = guests.len().saturating_sub(NAMED) as u64;
    let more = if more > 0 { format!(" et {}", french::count(more, "autre", "autres")) } else { String::new() };
    (!names.is_empty()).then(|| format!("{}{more}", names.join(", ")))
}

impl SideView {
    fn new(title: &'static str, side: Side, trace: &Trace) -> Self {
        let own: Vec<&Entry> =
            trace.entries.iter().filter(|entry| entry.side.is_none_or(|invited| invited == side)).collect();
        let number = |answer| own.iter().filter(|entry| entry.answer == answer).count() as u64;
        let mut sentences = vec![format!("{}.", counted(own.len() as u64, "invitation", "invitations", &ways(&own)))];
        let answers = [
            (Answer::Came(Standing::Registered), "inscrit", "inscrits"),
            (Answer::Came(Standing::Waiting), "en liste d’attente", "en liste d’attente"),
            (Answer::Came(Standing::Withdrawn), "désinscrit", "désinscrits"),
            (Answer::Silent, "sans réponse", "sans réponse"),
        ];
        let answers = answers.into_iter().filter(|(answer, ..)| number(*answer) > 0);
        let answers: Vec<String> =
            answers.map(|(answer, one, many)| french::count(number(answer), one, many)).collect();
        if !answers.is_empty() {
            sentences.push(format!("Réponses\u{a0}: {}.", answers.join(", ")));
        }
        match trace.unasked.iter().filter(|unasked| **unasked == side).count() as u64 {
            0 => {}
            count => sentences
                .push(format!("{} sans invitation notée ici.", french::count(count, "inscription", "inscriptions"))),
        }
        Self { title, sentences }
    }
}

/// How many were invited in each way; who was in two counts in both.
fn ways(entries: &[&Entry]) -> Vec<String> {
    let number = |way| entries.iter().filter(|entry| entry.times.iter().any(|time| time.way == way)).count() as u64;
    let used = Way::ALL.into_iter().filter(|way| number(*way) > 0);
    used.map(|way| format!("{} {}", french::number(number(way)), way.label())).collect()
}

/// `12 invitations : 10 par courriel, 2 par téléphone`
fn counted(number: u64, one: &str, many: &str, parts: &[String]) -> String {
    let number = french::count(number, one, many);
    if parts.is_empty() { number } else { format!("{number}\u{a0}: {}", parts.join(", ")) }
}

impl ErrandView {
    fn invite(fresh: &Audience) -> Self {
        let (told, mails) = counts(fresh);
        Self {
            code: "inviter",
            title: "Inviter par courriel ceux qui ne le sont pas encore",
            count: fresh.count(),
            told,
            nobody: "Tous ceux à qui nous pouvons écrire ont été invités.",
            button: format!("Envoyer {mails} d’invitation"),
        }
    }

    fn remind(silent: &Audience) -> Self {
        let (told, mails) = counts(silent);
        Self {
            code: "relancer",
            title: "Relancer ceux qui n’ont pas répondu",
            count: silent.count(),
            told,
            nobody: "Personne à relancer aujourd’hui\u{a0}: chacun a répondu, ou a été invité il y a moins de sept jours.",
            button: format!("Envoyer {mails} de rappel"),
        }
    }
}

/// « 12 courriels, pour 9 organisations. », « 12 courriels »
fn counts(audience: &Audience) -> (String, String) {
    let mails = french::count(u64::try_from(audience.count()).unwrap_or_default(), "courriel", "courriels");
    let about = french::count(audience.organisations() as u64, "organisation", "organisations");
    (format!("{mails}, pour {about}. Chaque personne n’en reçoit qu’un."), mails)
}

impl Line {
    fn new(entry: &Entry) -> Self {
        Self {
            name: french::typographic(&entry.name),
            side: side_label(entry.side),
            answer: entry.answer.label(),
            times: entry.times.iter().map(Time::new).collect(),
        }
    }
}

impl Time {
    fn new(time: &Invitation) -> Self {
        let people = match u64::try_from(time.people).unwrap_or_default() {
            0 => String::new(),
            count => format!(" ({})", french::count(count, "personne", "personnes")),
        };
        Self {
            words: format!("{} le {}{people}", time.way.label(), french::date(time.invited_on)),
            own: time.round.is_none().then_some(time.id),
        }
    }
}

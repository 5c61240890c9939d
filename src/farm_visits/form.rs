//! The forms that organisers fill in: what is read from them, what is written in them.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::farm_visit::FarmVisit;
use super::visit_date::VisitDate;
use crate::suppliers::draft::Typed;
use crate::tables::{parse_date, parse_time};
use crate::web::{FieldErrors, french, line_of, text_of};

/// A plain field of a visit.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name in the form.
    pub(super) name: &'static str,
    /// What it is called.
    pub(super) label: &'static str,
    /// What one must know to fill it in; may be empty.
    pub(super) hint: &'static str,
    /// Characters it takes.
    pub(super) most: usize,
    /// Whether it has several lines.
    pub(super) is_long: bool,
    part: fn(&mut FarmVisit) -> &mut String,
}

const fn line(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    most: usize,
    part: fn(&mut FarmVisit) -> &mut String,
) -> Field {
    Field { name, label, hint, most, is_long: false, part }
}

const fn lines(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    most: usize,
    part: fn(&mut FarmVisit) -> &mut String,
) -> Field {
    Field { name, label, hint, most, is_long: true, part }
}

/// Most characters of a title.
pub(super) const TITLE: usize = 120;

/// The plain fields, in the order of the form.
pub(super) static FIELDS: &[Field] = &[
    line("titre", "Nom de la visite", "", TITLE, |visit| &mut visit.title),
    line("ferme", "Nom de la ferme", "", 150, |visit| &mut visit.farm),
    line("adresse", "Adresse du point de rendez-vous", "Rue ou lieu-dit.", 300, |visit| &mut visit.address),
    lines("acces", "Comment venir", "Le dernier chemin, ce que le GPS dit de faux.", 2_000, |visit| &mut visit.access),
    lines("parking", "Où se garer", "", 1_000, |visit| &mut visit.parking),
    lines("a_voir", "Ce qu’on verra", "", 4_000, |visit| &mut visit.sights),
    lines("public", "Pour qui", "Collèges, EHPAD, communes…", 1_000, |visit| &mut visit.audience),
    lines("programme", "Programme", "Heure par heure.", 4_000, |visit| &mut visit.programme),
    lines("prevoir", "À prévoir", "Bottes, vêtement de pluie, charlotte…", 1_000, |visit| &mut visit.advice),
    lines(
        "meteo",
        "Selon la météo",
        "S’il pleut, s’il neige, s’il fait très chaud\u{a0}: ce qui change.",
        1_000,
        |visit| &mut visit.weather,
    ),
    lines("accessibilite", "Accessibilité", "Marches, boue, distance à pied, toilettes.", 1_000, |visit| {
        &mut visit.accessibility
    }),
    lines("repas", "Repas", "Vide\u{a0}: pas de repas sur place.", 1_000, |visit| &mut visit.meal),
    line("guide", "Qui accompagne", "", 150, |visit| &mut visit.guide),
    line("guide_tel", "Son téléphone", "Donné aux inscrits seulement.", 40, |visit| &mut visit.guide_phone),
];

/// What the form says of a visit.
pub(super) fn typed(visit: &FarmVisit) -> Typed {
    let (mut typed, mut visit) = (Typed::default(), visit.clone());
    for field in FIELDS {
        typed.put(field.name, (field.part)(&mut visit).clone());
    }
    typed.put("commune", visit.insee_code.clone());
    let point = visit.position().map(|(lat, lon)| format!("{lat:.5}, {lon:.5}"));
    typed.put("point", point.unwrap_or_default());
    let price = visit.meal_cents.map(|cents| format!("{},{:02}", cents / 100, cents % 100));
    typed.put("prix", price.unwrap_or_default());
    typed
}

/// Puts what was typed into a visit, field by field; what is wrong is said and leaves its field as it was.
pub(super) fn read(typed: &Typed, visit: &mut FarmVisit, errors: &mut FieldErrors) {
    for field in FIELDS {
        let text = typed.of(field.name);
        let text = if field.is_long {
            text_of(text, field.most).map(Option::unwrap_or_default)
        } else {
            line_of(text, field.most)
        };
        match text {
            Ok(text) => *(field.part)(visit) = text,
            Err(sentence) => errors.add(field.name, sentence),
        }
    }
    if visit.title.is_empty() {
        errors.add("titre", "Donnez un nom à la visite.");
    }
    match crate::suppliers::draft::point(typed.of("point")) {
        Ok(point) => (visit.latitude, visit.longitude) = point.unzip(),
        Err(sentence) => errors.add("point", sentence),
    }
    match cents(typed.of("prix")) {
        Ok(price) => visit.meal_cents = price,
        Err(sentence) => errors.add("prix", sentence),
    }
}

/// A price, in cents.
fn cents(text: &str) -> Result<Option<i32>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || "Écrivez un prix en euros, comme 12,50.".to_owned();
    let euros = crate::tables::parse_number(text.trim_end_matches('€').trim()).ok_or_else(wrong)?;
    if !(0.0..=1_000.0).contains(&euros) {
        return Err(wrong());
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most 100,000 cents")]
    Ok(Some((euros * 100.0).round() as i32))
}

/// What the form says of a date, by the clock on the wall.
pub(super) fn typed_date(date: &VisitDate, zone: Tz) -> Typed {
    let mut typed = Typed::default();
    let (from, to) = (date.starts_at.with_timezone(&zone), date.ends_at.with_timezone(&zone));
    typed.put("jour", from.format("%d/%m/%Y").to_string());
    typed.put("debut", french::time(from.time()));
    typed.put("fin", french::time(to.time()));
    typed.put("places", date.places.to_string());
    typed.put("minimum", if date.minimum > 0 { date.minimum.to_string() } else { String::new() });
    let last = date.closes_at.with_timezone(&zone);
    typed.put("cloture", last.format("%d/%m/%Y").to_string());
    typed.put("cloture_heure", french::time(last.time()));
    typed.put("message", date.words.clone());
    typed
}

/// Puts what was typed into a date; what is wrong is said.
pub(super) fn read_date(
    typed: &Typed,
    date: &mut VisitDate,
    (zone, now): (Tz, DateTime<Utc>),
    errors: &mut FieldErrors,
) {
    let day = |field: &'static str, errors: &mut FieldErrors| {
        let day = parse_date(typed.of(field));
        if day.is_none() {
            errors.add(field, "Écrivez un jour, comme 20/05/2027.");
        }
        day
    };
    let time = |field: &'static str, errors: &mut FieldErrors| {
        let time = parse_time(typed.of(field));
        if time.is_none() {
            errors.add(field, "Écrivez une heure, comme 9 h 30.");
        }
        time
    };
    let (on, from, to) = (day("jour", errors), time("debut", errors), time("fin", errors));
    let number = |field: &'static str, least: i32, errors: &mut FieldErrors| {
        let number = typed.of(field).parse().ok().filter(|number| (least..=100_000).contains(number));
        if number.is_none() {
            errors.add(field, format!("Écrivez un nombre entier, de {least} à 100\u{a0}000."));
        }
        number
    };
    let places = number("places", 1, errors);
    let minimum = if typed.of("minimum").is_empty() { Some(0) } else { number("minimum", 0, errors) };
    let last = if typed.of("cloture").is_empty() {
        on.and_then(|on| on.checked_sub_days(Days::new(1)))
    } else {
        day("cloture", errors)
    };
    let last_time = if typed.of("cloture_heure").is_empty() { from } else { time("cloture_heure", errors) };
    let words = text_of(typed.of("message"), 2_000).unwrap_or_else(|sentence| {
        errors.add("message", sentence);
        None
    });
    let (Some(on), Some(from), Some(to), Some(last), Some(last_time)) = (on, from, to, last, last_time) else { return };
    let Some(starts_at) = moment(on, from, zone) else { return errors.add("debut", GAP) };
    let Some(ends_at) = moment(on, to, zone) else { return errors.add("fin", GAP) };
    let closes_at = moment(last, last_time, zone).unwrap_or(starts_at);
    // What is shown to the minute and was not touched stays what it is, to the second and the day.
    let shown = typed_date(date, zone);
    let is_kept = |fields: &[&str]| date.id != 0 && fields.iter().all(|field| shown.of(field) == typed.of(field));
    let starts_at = if is_kept(&["jour", "debut"]) { date.starts_at } else { starts_at };
    let ends_at = if is_kept(&["jour", "fin"]) { date.ends_at } else { ends_at };
    let is_same_deadline = is_kept(&["cloture", "cloture_heure"]);
    let closes_at = if is_same_deadline { followed(date, starts_at, (zone, now)) } else { closes_at };
    let new = VisitDate { starts_at, ends_at, closes_at, ..date.clone() };
    check_hours(&new, is_same_deadline, (zone, now), errors);
    let (Some(places), Some(minimum)) = (places, minimum) else { return };
    if minimum > places {
        errors.add("minimum", "Le minimum ne dépasse pas le nombre de places.");
    }
    (date.starts_at, date.ends_at, date.closes_at) = (starts_at, ends_at, closes_at);
    (date.places, date.minimum, date.words) = (places, minimum, words.unwrap_or_default());
    date.opens_at = date.opens_at.min(closes_at);
}

/// Whether the hours of a date can be: what is wrong is said beside its field.
fn check_hours(date: &VisitDate, is_same_deadline: bool, (zone, now): (Tz, DateTime<Utc>), errors: &mut FieldErrors) {
    if date.starts_at <= now {
        let is_today = date.starts_at.with_timezone(&zone).date_naive() == now.with_timezone(&zone).date_naive();
        let (field, sentence) =
            if is_today { ("debut", "Cette heure est passée.") } else { ("jour", "Ce jour est passé.") };
        errors.add(field, sentence);
    }
    if date.starts_at > now + FAR {
        errors.add("jour", "Ce jour est dans plus de vingt ans\u{a0}: vérifiez l’année.");
    }
    if date.closes_at <= now && !is_same_deadline {
        errors.add("cloture", "Ce moment est passé.");
    }
    if date.ends_at <= date.starts_at {
        errors.add("fin", "La fin vient après le début.");
    }
    if date.closes_at > date.starts_at {
        errors.add("cloture", "Les inscriptions se ferment avant le début de la visite.");
    }
}

/// The end of registration, which follows the day of the visit, but not into the past.
fn followed(date: &VisitDate, starts_at: DateTime<Utc>, (zone, now): (Tz, DateTime<Utc>)) -> DateTime<Utc> {
    let before = date.closes_at.with_timezone(&zone);
    let [day, other] = [date.starts_at, starts_at].map(|at| at.with_timezone(&zone).date_naive());
    let days = other - day;
    if days.is_zero() {
        return date.closes_at;
    }
    let day = before.date_naive().checked_add_signed(days);
    let minutes = i32::try_from(before.time().num_seconds_from_midnight() / 60).unwrap_or_default();
    let moved = day.and_then(|day| moment(day, minutes, zone)).filter(|at| *at > now);
    moved.unwrap_or_else(|| date.closes_at.min(starts_at))
}

/// Nobody plans a visit beyond.
const FAR: TimeDelta = TimeDelta::days(20 * 366);
const GAP: &str = "Cette heure n’existe pas ce jour-là\u{a0}: on passe à l’heure d’été.";

/// A moment by the clock on the wall; of an hour that comes twice, the first. None in the hour that is skipped.
fn moment(day: NaiveDate, minutes: i32, zone: Tz) -> Option<DateTime<Utc>> {
    let seconds = u32::try_from(minutes).ok()? * 60;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)?;
    zone.from_local_datetime(&day.and_time(time)).earliest().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use chrono_tz::{Europe::Paris, Indian::Reunion};

    use super::moment;

    #[test]
    fn hours_are_those_of_the_clock_on_the_wall_also_on_the_days_it_is_changed() {
        let at = |month, day, minutes, zone| {
            moment(NaiveDate::from_ymd_opt(2027, month, day).unwrap(), minutes, zone).map(|at| at.to_rfc3339())
        };
        assert_eq!(at(3, 27, 9 * 60, Paris).unwrap(), "2027-03-27T08:00:00+00:00");
        assert_eq!(at(3, 28, 9 * 60, Paris).unwrap(), "2027-03-28T07:00:00+00:00", "summer time");
        assert_eq!(at(3, 28, 2 * 60 + 30, Paris), None, "skipped");
        assert_eq!(at(10, 31, 2 * 60 + 30, Paris).unwrap(), "2027-10-31T00:30:00+00:00", "the first of two");
        assert_eq!(at(10, 31, 9 * 60, Paris).unwrap(), "2027-10-31T08:00:00+00:00", "winter time");
        assert_eq!(at(10, 31, 9 * 60, Reunion).unwrap(), "2027-10-31T05:00:00+00:00", "overseas");
    }
}

//! The colour of a territory, and the shades that make a page of it, each readable where it stands.

use std::{fmt, iter, str::FromStr};

/// Contrast that a text needs on its ground (WCAG 2.2, 1.4.3).
pub const READABLE: f64 = 4.5;

const PAPER: Colour = Colour([0xfb, 0xf8, 0xf1]);
/// Written on buttons by night.
const NIGHT_INK: Colour = Colour([0x0f, 0x1c, 0x15]);

/// An sRGB colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

/// What is no colour such as `#1e5b3e`.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("expected a colour such as #1e5b3e")]
pub struct NotAColour;

/// The shades of one colour, by day and by night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// On light paper.
    pub day: Shades,
    /// On dark paper.
    pub night: Shades,
}

/// What takes the territory's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shades {
    /// Links and buttons.
    pub main: Colour,
    /// The same under the pointer.
    pub deep: Colour,
    /// A ground.
    pub tint: Colour,
    /// What is written on `main`.
    pub on: Colour,
}

impl Default for Palette {
    /// That of `tokens.css`.
    fn default() -> Self {
        Self {
            day: Shades {
                main: Colour([0x1e, 0x5b, 0x3e]),
                deep: Colour([0x15, 0x44, 0x30]),
                tint: Colour([0xe4, 0xef, 0xe6]),
                on: Colour([0xff; 3]),
            },
            night: Shades {
                main: Colour([0x8f, 0xd0, 0xa9]),
                deep: Colour([0xb4, 0xe2, 0xc5]),
                tint: Colour([0x21, 0x37, 0x2b]),
                on: NIGHT_INK,
            },
        }
    }
}

impl Palette {
    /// The shades of a colour that [is readable](Colour::is_readable); of others they would not be.
    #[must_use]
    pub fn of(main: Colour) -> Self {
        let light = main.luminance();
        // Light enough for the colour to be read on it, which paper itself barely is under the lightest colours.
        let tint = (READABLE * (light + 0.05) - 0.04).max(0.83);
        Self {
            day: Shades {
                main,
                deep: main.shade(light * 0.57, 1.0),
                // The lighter a ground, the more hue it needs to be told from paper.
                tint: main.shade(tint, (0.15 + 7.0 * (tint - 0.83)).min(1.0)),
                on: Colour([0xff; 3]),
            },
            night: Shades {
                main: main.shade(0.55, 0.55),
                deep: main.shade(0.7, 0.55),
                tint: main.shade(0.034, 0.7),
                on: NIGHT_INK,
            },
        }
    }
}

impl Colour {
    /// How much two colours stand out from each other, from 1 to 21 (WCAG 2.2, contrast ratio).
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        a.max(b) / a.min(b)
    }

    /// Contrast on our paper, the darkest of the light grounds: on white, and white on it, there is more.
    #[must_use]
    pub fn on_paper(self) -> f64 {
        self.contrast(PAPER)
    }

    /// Whether texts and buttons may have it.
    #[must_use]
    pub fn is_readable(self) -> bool {
        self.on_paper() >= READABLE
    }

    /// The nearest darker shade of the same hue that is readable: under less light, a surface keeps its chromaticity.
    #[must_use]
    pub fn readable(self) -> Self {
        if self.is_readable() {
            return self;
        }
        let most = (PAPER.luminance() + 0.05) / READABLE - 0.05;
        let less = self.linear().map(|channel| channel * most / self.luminance());
        Self(less.map(|channel| floor(encoded(channel))))
    }

    /// The same hue at a luminance from 0 to 1: with all its chroma at `vivid` 1, grey at 0.
    fn shade(self, luminance: f64, vivid: f64) -> Self {
        let (own, light) = (self.linear(), self.luminance());
        let strongest = own.into_iter().fold(0.0_f64, f64::max);
        // As bright as it can get, then white for the rest of the way; black has no hue.
        let bright = if strongest > 0.0 { (luminance / light).min(1.0 / strongest) } else { 0.0 };
        let white = (luminance - light * bright) / (1.0 - light * bright).max(f64::EPSILON);
        let hued = own.map(|channel| channel * bright + (1.0 - channel * bright) * white);
        Self(hued.map(|channel| floor(encoded(channel * vivid + luminance * (1.0 - vivid)) + 0.5)))
    }

    /// Relative luminance, from 0 (black) to 1 (white).
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    fn linear(self) -> [f64; 3] {
        self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }
}

/// A channel of light as sRGB writes it, from 0 to 255.
fn encoded(light: f64) -> f64 {
    let light = light.clamp(0.0, 1.0);
    255.0 * if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a byte")]
fn floor(channel: f64) -> u8 {
    channel.clamp(0.0, 255.0) as u8
}

impl FromStr for Colour {
    type Err = NotAColour;

    /// `#1e5b3e`, `1E5B3E` or `#fc0`.
    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.trim().trim_start_matches('#');
        let number = u32::from_str_radix(&twice_if_short(digits), 16).map_err(|_| NotAColour)?;
        let plain = matches!(digits.len(), 3 | 6) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let [_, channels @ ..] = number.to_be_bytes();
        if plain { Ok(Self(channels)) } else { Err(NotAColour) }
    }
}

/// `fc0` stands for `ffcc00`.
fn twice_if_short(digits: &str) -> String {
    let times = if digits.len() == 3 { 2 } else { 1 };
    digits.chars().flat_map(|digit| iter::repeat_n(digit, times)).collect()
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn a_colour_is_read_as_people_write_it() {
        assert_eq!(colour(" 1E5B3E ").to_string(), "#1e5b3e");
        assert_eq!(colour("#fc0").to_string(), "#ffcc00");
        for wrong in ["", "#", "vert", "#12345", "#1e5b3e80", "#1e5b3é", "rgb(1,2,3)"] {
            assert_eq!(wrong.parse::<Colour>(), Err(NotAColour), "{wrong}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((colour("#fff").contrast(colour("#000")) - 21.0).abs() < 1e-9);
        assert!((colour("#767676").contrast(colour("#fff")) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_light_colour_gets_a_darker_neighbour_of_its_hue() {
        assert_eq!(colour("#1e5b3e").readable(), colour("#1e5b3e"));
        assert_eq!(colour("#ffd500").readable().to_string(), "#887000");
        let proposed = colour("#e30613").readable();
        assert!(proposed.0[0] > 200 && proposed.0[1] < 20, "a red a little darker: {proposed}");
    }

    /// Grounds and texts of `tokens.css` on which the shades stand.
    fn readable_everywhere(palette: Palette) -> Result<(), TestCaseError> {
        let Palette { day, night } = palette;
        let grounds = [
            (day, ["#fbf8f1", "#ffffff"], "#1f2a24", "#55625a"),
            (night, ["#141a16", "#1c241f"], "#ebefe7", "#abb7ae"),
        ];
        for (shades, papers, ink, soft) in grounds {
            let mut pairs = vec![
                (shades.on, shades.main),
                (shades.on, shades.deep),
                (shades.main, shades.tint),
                (shades.deep, shades.tint),
                (colour(ink), shades.tint),
                (colour(soft), shades.tint),
            ];
            for paper in papers.map(colour) {
                pairs.extend([(shades.main, paper), (shades.deep, paper)]);
            }
            for (text, ground) in pairs {
                prop_assert!(text.contrast(ground) >= READABLE, "{text} on {ground}: {}", text.contrast(ground));
            }
        }
        Ok(())
    }

    #[test]
    fn our_own_palette_is_readable() {
        readable_everywhere(Palette::default()).unwrap();
        readable_everywhere(Palette::of(Palette::default().day.main)).unwrap();
        readable_everywhere(Palette::of(colour("#000"))).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        #[test]
        fn a_colour_or_its_neighbour_is_readable_wherever_its_shades_stand(channels: [u8; 3]) {
            let typed = Colour(channels);
            let taken = typed.readable();
            prop_assert!(taken.is_readable() && taken.contrast(colour("#fff")) >= READABLE, "{typed} {taken}");
            prop_assert!(taken == typed || taken.on_paper() < READABLE + 0.35, "{typed} is far from {taken}");
            readable_everywhere(Palette::of(taken))?;
        }
    }
}

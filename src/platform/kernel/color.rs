//! Colours that can be read on light and on dark paper.

use std::{fmt, str::FromStr};

use super::wire;
use crate::wire_text;

/// A colour of sRGB, as `#rrggbb`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Color([u8; 3]);

/// Why a text is no colour.
#[derive(Debug, thiserror::Error)]
#[error("must be a colour such as #2f5d50")]
pub struct NotAColor;

/// The least contrast of text that everybody can read: WCAG 2.2, 1.4.3.
const READABLE: f64 = 4.5;

impl Color {
    pub const WHITE: Self = Self([255; 3]);
    pub const BLACK: Self = Self([0; 3]);

    #[must_use]
    pub const fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self([red, green, blue])
    }

    /// Black or white: what is easier to read on this.
    #[must_use]
    pub fn ink(self) -> Self {
        if self.contrast(Self::WHITE) >= self.contrast(Self::BLACK) {
            Self::WHITE
        } else {
            Self::BLACK
        }
    }

    /// This colour, or the nearest shade of it that can be read on `paper`.
    #[must_use]
    pub fn readable_on(self, paper: Self) -> Self {
        let towards = paper.ink();
        (0..=10)
            .map(|tenths| self.towards(towards, tenths))
            .find(|shade| shade.contrast(paper) >= READABLE)
            .unwrap_or(towards)
    }

    /// This colour with so many tenths of another in it.
    #[must_use]
    pub fn towards(self, other: Self, tenths: u16) -> Self {
        Self(std::array::from_fn(|i| {
            let mixed =
                (u16::from(self.0[i]) * (10 - tenths) + u16::from(other.0[i]) * tenths) / 10;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        }))
    }

    /// From 1 (none) to 21: WCAG 2.2, "contrast ratio".
    fn contrast(self, other: Self) -> f64 {
        let [one, two] = [self.luminance(), other.luminance()];
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

impl FromStr for Color {
    type Err = NotAColor;

    fn from_str(text: &str) -> Result<Self, NotAColor> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(NotAColor)?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).ok_or(NotAColor)?;
        let [_, red, green, blue] = number.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

wire_text! { [] Color, "Color", wire::text_of(7, 7).examples(["#2f5d50"]) }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_has_a_shade_that_can_be_read() {
        let night = Color::rgb(0x22, 0x20, 0x1d);
        for step in 0..=4096_u32 {
            let [_, red, green, blue] = (step * 4095).to_be_bytes();
            let color = Color::rgb(red, green, blue);
            for paper in [Color::WHITE, night] {
                let shade = color.readable_on(paper);
                assert!(shade.contrast(paper) >= READABLE, "{color} on {paper}: {shade}");
            }
            assert!(color.ink().contrast(color) >= READABLE, "{color}");
        }
        assert!((Color::WHITE.contrast(Color::BLACK) - 21.0).abs() < 0.001);
    }

    #[test]
    fn a_colour_is_written_in_six_digits() {
        let read = |text: &str| text.parse::<Color>().map(|color| color.to_string()).ok();
        assert_eq!(read("#2F5D50").as_deref(), Some("#2f5d50"));
        for wrong in ["2f5d50", "#fff", "#+12345", "#2f5d5g", "red", "#2f5d50;"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}

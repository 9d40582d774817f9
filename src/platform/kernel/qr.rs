//! QR codes, as SVG for pages and as PNG for letters (mail programs show no SVG).

use qrcode::{EcLevel, QrCode, render::svg};

/// The longest text we encode: well inside version 40.
const LONGEST: usize = 500;

fn code(text: &str) -> Option<QrCode> {
    if text.len() > LONGEST {
        return None;
    }
    QrCode::with_error_correction_level(text, EcLevel::M).ok()
}

/// The code as an SVG document, black on white with its quiet zone; `None` past 500 bytes.
#[must_use]
pub fn svg(text: &str) -> Option<String> {
    Some(code(text)?.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

/// The code as a PNG image, 8 pixels a module with its quiet zone; `None` past 500 bytes.
#[must_use]
pub fn png(text: &str) -> Option<Vec<u8>> {
    const SCALE: usize = 8;
    const QUIET: usize = 4;
    let code = code(text)?;
    let modules = code.width();
    let side = (modules + 2 * QUIET) * SCALE;
    let colors = code.to_colors();
    let dark = |x: usize, y: usize| {
        let module = |pixel: usize| (pixel / SCALE).checked_sub(QUIET).filter(|&m| m < modules);
        match (module(x), module(y)) {
            (Some(column), Some(row)) => colors[row * modules + column] == qrcode::Color::Dark,
            _ => false,
        }
    };
    let pixels: Vec<u8> = (0..side)
        .flat_map(|y| (0..side).map(move |x| (x, y)))
        .map(|(x, y)| if dark(x, y) { 0 } else { 255 })
        .collect();
    let mut image = Vec::new();
    let side = u32::try_from(side).ok()?;
    let mut encoder = png::Encoder::new(&mut image, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().ok()?.write_image_data(&pixels).ok()?;
    Some(image)
}

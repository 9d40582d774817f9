//! From a file to pixels, and to a file of ours.

use std::{fmt::Write as _, io::Cursor};

use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbaImage,
    codecs::jpeg::JpegEncoder, imageops::FilterType, metadata::Orientation,
};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use platform::kernel::error::{Error, Refusal, Result};

/// The longer side that is kept, in pixels.
const LARGEST: u32 = 1600;
/// The longer side that is read at all, in pixels, and the memory that reading takes.
const LARGEST_READ: u32 = 10_000;
const MEMORY: u64 = 160 * 1024 * 1024;
const JPEG_QUALITY: u8 = 85;

/// A picture as it is kept.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// By its content.
    pub name: String,
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// One at a time: what a picture takes while it is drawn is not taken twice.
static TURN: Semaphore = Semaphore::const_new(1);

/// Draws a JPEG, PNG or WebP file anew: upright, at most 1600 pixels wide and high, as a JPEG, or as
/// a PNG where one sees through it. When it is its turn, on a thread that serves nobody.
///
/// # Errors
/// [`Refusal::Invalid`] where it is none of these, or too large to be read.
pub async fn draw(file: Vec<u8>) -> Result<Drawn> {
    let turn = TURN.acquire().await.map_err(Error::internal)?;
    // the turn goes along: whoever asked may leave before it is over
    let drawn = tokio::task::spawn_blocking(move || (drawn(&file), turn));
    drawn.await.map_err(Error::internal)?.0
}

fn drawn(file: &[u8]) -> Result<Drawn> {
    let picture = shrunk(read(file)?);
    let mut bytes = Vec::new();
    let ending = if let Some(seen_through) = seen_through(&picture) {
        let png = seen_through.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png);
        png.map_err(Error::internal)?;
        "png"
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
        picture.to_rgb8().write_with_encoder(encoder).map_err(Error::internal)?;
        "jpg"
    };
    let mut name = String::new();
    for byte in Sha256::digest(&bytes).iter().take(16) {
        // writing to a String can't fail
        let _ = write!(name, "{byte:02x}");
    }
    let (width, height) = (picture.width(), picture.height());
    Ok(Drawn { name: format!("{name}.{ending}"), bytes, width, height })
}

fn read(file: &[u8]) -> Result<DynamicImage, Refusal> {
    let none = || Refusal::field("/data", "must be a picture: a JPEG, PNG or WebP file");
    let known = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
    let format = image::guess_format(file).ok().filter(|format| known.contains(format));
    let mut reader = ImageReader::with_format(Cursor::new(file), format.ok_or_else(none)?);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST_READ);
    limits.max_image_height = Some(LARGEST_READ);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let too_large = |error: &image::ImageError| matches!(error, image::ImageError::Limits(_));
    let refused = |error: image::ImageError| {
        if too_large(&error) {
            let most = format!("must be at most {LARGEST_READ} pixels wide and high");
            Refusal::field("/data", most)
        } else {
            Refusal::field("/data", format!("is damaged: {error}"))
        }
    };
    let mut decoder = reader.into_decoder().map_err(refused)?;
    // the limits of the reader bound its sides; what they hold together is for us to bound
    if decoder.total_bytes() > MEMORY {
        return Err(Refusal::field("/data", "has too many pixels: make it smaller"));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn shrunk(picture: DynamicImage) -> DynamicImage {
    if picture.width().max(picture.height()) <= LARGEST {
        return picture;
    }
    picture.resize(LARGEST, LARGEST, FilterType::Triangle)
}

/// With 8 bits a channel, where there is something to see behind it.
fn seen_through(picture: &DynamicImage) -> Option<RgbaImage> {
    let pixels = picture.color().has_alpha().then(|| picture.to_rgba8())?;
    pixels.pixels().any(|pixel| pixel.0[3] < u8::MAX).then_some(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgba;

    fn png(picture: &RgbaImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).expect("a PNG");
        bytes
    }

    #[test]
    fn nothing_but_pixels_is_left() {
        let file = png(&RgbaImage::from_pixel(40, 20, Rgba([200, 30, 30, 255])));
        // a chunk of text behind the header, as cameras and editors write them
        let (head, rest) = file.split_at(33);
        let text = b"tEXtComment\0at home, 64.1N";
        let length = u32::try_from(text.len() - 4).expect("short").to_be_bytes();
        let crc = crc(text).to_be_bytes();
        let file = [head, &length, text, &crc, rest].concat();
        let picture = drawn(&file).expect("a picture");
        assert_eq!((picture.width, picture.height), (40, 20));
        assert_eq!(picture.name.rsplit('.').next(), Some("jpg"), "nobody sees through it");
        assert!(!picture.bytes.windows(7).any(|part| part == b"at home"));
        assert_eq!(drawn(&file).expect("the same").name, picture.name);
    }

    #[test]
    fn what_is_seen_through_stays_so() {
        let mut drawing = RgbaImage::from_pixel(4, 4, Rgba([0, 0, 0, 0]));
        drawing.put_pixel(1, 1, Rgba([255, 255, 255, 255]));
        let picture = drawn(&png(&drawing)).expect("a picture");
        assert_eq!(picture.name.rsplit('.').next(), Some("png"));
        let again = image::load_from_memory(&picture.bytes).expect("a PNG").to_rgba8();
        assert_eq!(again, drawing);
    }

    #[test]
    fn large_ones_are_made_smaller() {
        let picture = drawn(&png(&RgbaImage::new(3200, 100))).expect("a picture");
        assert_eq!((picture.width, picture.height), (1600, 50));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        // within the bounds of either side, and too much together: its header says so
        let mut wide = png(&RgbaImage::new(1, 1));
        wide[16..24].copy_from_slice(&[0, 0, 0x1f, 0x40, 0, 0, 0x1f, 0x40]);
        let checked = crc(&wide[12..29]).to_be_bytes();
        wide[29..33].copy_from_slice(&checked);
        let tall = png(&RgbaImage::new(1, 10_001));
        let cut = png(&RgbaImage::from_fn(64, 64, |x, y| {
            Rgba([u8::try_from(x * y % 251).expect("small"), 0, 0, 255])
        }));
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>"#;
        for bad in [&b""[..], b"hello", svg, b"GIF89a", &tall, &wide, &cut[..cut.len() / 2]] {
            let why = drawn(bad).expect_err("no picture").to_string();
            assert!(why.contains("/data"), "{why}");
        }
    }

    /// As PNG counts (ISO 15948, D).
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 }
            })
        })
    }
}

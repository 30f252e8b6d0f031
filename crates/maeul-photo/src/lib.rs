//! A photo from outside becomes a photo we may keep. What it is, is read from its bytes, never
//! from its name; its size is bounded before it is decoded; it is turned upright; and it is
//! written anew, because only re-encoding surely leaves out the place, the device and the hidden
//! thumbnails that a camera adds.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use maeul_base::{Lang, Refusal};
use sha2::{Digest, Sha256};

/// The most pixels on one side of what is sent.
pub const SIDE_LIMIT: u32 = 12_000;
/// The longer side of what is kept, in pixels.
pub const KEPT_SIDE: u32 = 2_048;
/// The longer side of the small picture in lists, in pixels.
pub const THUMB_SIDE: u32 = 320;
/// The most memory decoding may take, in bytes: about 50 megapixels.
const MEMORY_LIMIT: u64 = 220 * 1024 * 1024;

/// A photo that may be kept: JPEG, without metadata.
#[derive(Clone, Debug)]
pub struct Photo {
    /// The JPEG, its longer side at most [`KEPT_SIDE`].
    pub jpeg: Vec<u8>,
    /// A small JPEG, its longer side at most [`THUMB_SIDE`].
    pub thumb: Vec<u8>,
    /// Width of `jpeg` in pixels.
    pub width: u32,
    /// Height of `jpeg` in pixels.
    pub height: u32,
    /// SHA-256 of the bytes that were sent: the same photo sent twice is told by it.
    pub sha256: [u8; 32],
}

/// Why a file is not taken as a photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoRefusal {
    /// Neither JPEG, PNG nor WebP.
    NotAPhoto,
    /// It begins like a photo but cannot be read to the end.
    Broken,
    /// More pixels than can be taken.
    TooManyPixels,
}

impl Refusal for PhotoRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAPhoto => "photo.kind",
            Self::Broken => "photo.broken",
            Self::TooManyPixels => "photo.pixels",
        }
    }

    fn say(&self, lang: Lang) -> String {
        match self {
            Self::NotAPhoto => lang.t(
                "사진이 아닌 파일이에요. JPG, PNG, WebP 사진을 골라 주세요.",
                "This file is not a photo. Please choose a JPG, PNG or WebP picture.",
            ),
            Self::Broken => lang.t(
                "사진이 손상되어 열 수 없어요. 다른 사진을 고르거나 다시 찍어 주세요.",
                "The photo is damaged and cannot be opened. Choose another or take it again.",
            ),
            Self::TooManyPixels => lang.t(
                "사진이 너무 커요. 가로와 세로가 12,000픽셀보다 작은 사진을 골라 주세요.",
                "The picture is too large. Choose one under 12,000 pixels on each side.",
            ),
        }
        .to_owned()
    }

    fn field(&self) -> Option<&'static str> {
        Some("photos")
    }

    fn status(&self) -> u16 {
        match self {
            Self::NotAPhoto => 415,
            Self::Broken => 422,
            Self::TooManyPixels => 413,
        }
    }
}

/// Reads, bounds, turns upright and re-encodes. Takes a fraction of a second of one core: call it
/// on a blocking thread.
pub fn take(bytes: &[u8]) -> Result<Photo, PhotoRefusal> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| PhotoRefusal::NotAPhoto)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(PhotoRefusal::NotAPhoto);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_LIMIT);
    limits.max_image_height = Some(SIDE_LIMIT);
    limits.max_alloc = Some(MEMORY_LIMIT);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    if decoder.total_bytes() > MEMORY_LIMIT {
        return Err(PhotoRefusal::TooManyPixels);
    }
    let orientation = decoder.orientation().map_err(|error| refusal(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > KEPT_SIDE {
        picture = picture.resize(KEPT_SIDE, KEPT_SIDE, FilterType::CatmullRom);
    }
    let small = picture.thumbnail(THUMB_SIDE, THUMB_SIDE);
    Ok(Photo {
        width: picture.width(),
        height: picture.height(),
        jpeg: encode(&picture, 82)?,
        thumb: encode(&small, 70)?,
        sha256: Sha256::digest(bytes).into(),
    })
}

fn refusal(error: &ImageError) -> PhotoRefusal {
    match error {
        ImageError::Limits(_) => PhotoRefusal::TooManyPixels,
        _ => PhotoRefusal::Broken,
    }
}

fn encode(picture: &DynamicImage, quality: u8) -> Result<Vec<u8>, PhotoRefusal> {
    let mut out = Vec::new();
    // JPEG has no transparency: what was clear becomes white, not black.
    let flat = if picture.color().has_alpha() {
        let mut sheet = image::RgbaImage::from_pixel(
            picture.width(),
            picture.height(),
            image::Rgba([255, 255, 255, 255]),
        );
        image::imageops::overlay(&mut sheet, &picture.to_rgba8(), 0, 0);
        DynamicImage::ImageRgba8(sheet).to_rgb8()
    } else {
        picture.to_rgb8()
    };
    JpegEncoder::new_with_quality(&mut out, quality)
        .encode_image(&flat)
        .map_err(|_| PhotoRefusal::Broken)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{Rgb, RgbImage};

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, _| {
            if x < width / 2 { Rgb([250, 10, 10]) } else { Rgb([10, 10, 250]) }
        });
        let mut out = Vec::new();
        JpegEncoder::new(&mut out).encode_image(&picture).unwrap();
        out
    }

    /// The same JPEG with an Exif segment: orientation 6 (turned), and a GPS-like text.
    fn with_exif(jpeg: &[u8]) -> Vec<u8> {
        let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".to_vec();
        tiff.extend_from_slice(b"GPS 35.1520 126.8902 SECRETPLACE");
        let mut segment = b"Exif\0\0".to_vec();
        segment.extend_from_slice(&tiff);
        let length = u16::try_from(segment.len() + 2).unwrap();
        let mut out = jpeg[..2].to_vec();
        out.extend_from_slice(&[0xFF, 0xE1]);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&segment);
        out.extend_from_slice(&jpeg[2..]);
        out
    }

    #[test]
    fn metadata_goes_and_the_picture_stands_upright() {
        let sent = with_exif(&jpeg(400, 200));
        assert!(sent.windows(11).any(|part| part == b"SECRETPLACE"));
        let photo = take(&sent).unwrap();
        assert_eq!((photo.width, photo.height), (200, 400), "orientation 6 turns it");
        for kept in [&photo.jpeg, &photo.thumb] {
            assert!(!kept.windows(4).any(|part| part == b"Exif"));
            assert!(!kept.windows(11).any(|part| part == b"SECRETPLACE"));
        }
    }

    #[test]
    fn large_photos_are_made_smaller() {
        let photo = take(&jpeg(5_000, 100)).unwrap();
        assert_eq!(photo.width, KEPT_SIDE);
        let thumb = image::load_from_memory(&photo.thumb).unwrap();
        assert_eq!(thumb.width(), THUMB_SIDE);
    }

    #[test]
    fn what_is_not_a_photo_is_refused() {
        assert_eq!(take(b"").unwrap_err(), PhotoRefusal::NotAPhoto);
        assert_eq!(take(b"<svg onload=alert(1)>").unwrap_err(), PhotoRefusal::NotAPhoto);
        assert_eq!(take(b"GIF89a\x01\0\x01\0\0\0\0;").unwrap_err(), PhotoRefusal::NotAPhoto);
        assert_eq!(take(b"MZ\x90\0 renamed.jpg").unwrap_err(), PhotoRefusal::NotAPhoto);
        let whole = jpeg(300, 300);
        assert_eq!(take(&whole[..200]).unwrap_err(), PhotoRefusal::Broken);
    }

    #[test]
    fn a_pixel_bomb_is_refused_before_it_is_decoded() {
        // A PNG header that claims 60,000 × 60,000 pixels.
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend_from_slice(&60_000_u32.to_be_bytes());
        png.extend_from_slice(&60_000_u32.to_be_bytes());
        png.extend_from_slice(&[8, 2, 0, 0, 0, 0, 0, 0, 0]);
        assert!(take(&png).is_err());
        // Within the sides but over the memory: 12,000 × 12,000 × 3 bytes.
        let mut wide = jpeg(16, 16);
        let at = wide.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        wide[at + 5..at + 9].copy_from_slice(&[0x2E, 0xE0, 0x2E, 0xE0]);
        assert_eq!(take(&wide).unwrap_err(), PhotoRefusal::TooManyPixels);
    }

    #[test]
    fn transparent_becomes_white() {
        let clear = image::RgbaImage::from_pixel(8, 8, image::Rgba([0, 0, 0, 0]));
        let mut png = Vec::new();
        DynamicImage::ImageRgba8(clear)
            .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
            .unwrap();
        let photo = take(&png).unwrap();
        let back = image::load_from_memory(&photo.jpeg).unwrap().to_rgb8();
        assert!(back.get_pixel(4, 4).0.iter().all(|level| *level > 250));
    }
}

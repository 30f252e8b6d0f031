//! Pictures drawn from plain shapes, which stand for the photos residents send. They go the same
//! way as any photo: through the engine that re-encodes them.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use maeul_base::Fault;
use maeul_photo::Photo;

use super::SEED;
use super::dice::Dice;

/// How many pictures there are of each scene.
const EACH: usize = 3;
const WIDTH: u32 = 512;
const HEIGHT: u32 = 384;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scene {
    Night,
    Road,
    Rubbish,
    Car,
    Tree,
    Sign,
    Water,
    House,
}

const SCENES: [Scene; 8] = [
    Scene::Night,
    Scene::Road,
    Scene::Rubbish,
    Scene::Car,
    Scene::Tree,
    Scene::Sign,
    Scene::Water,
    Scene::House,
];

/// Which pictures come with a report about that service.
pub(crate) fn of(dice: &mut Dice, service: &str, count: i64) -> Vec<usize> {
    let scene = match service {
        "streetlight" => Scene::Night,
        "road-damage" | "sidewalk" | "traffic-safety" => Scene::Road,
        "dumping" | "waste-collection" | "back-lane-cleaning" | "street-obstruction" => {
            Scene::Rubbish
        }
        "illegal-parking" | "abandoned-car" => Scene::Car,
        "street-tree" | "park" | "rest-facility" | "stray-animal" => Scene::Tree,
        "illegal-sign" | "bus-stop" => Scene::Sign,
        "drain" | "sewer" => Scene::Water,
        _ => Scene::House,
    };
    let first = SCENES.iter().position(|it| *it == scene).unwrap_or(0) * EACH;
    let begin = dice.below(EACH);
    let count = usize::try_from(count).unwrap_or(0).min(EACH);
    (0..count).map(|n| first + (begin + n) % EACH).collect()
}

/// Draws all pictures. Takes a moment: call it on a blocking thread.
pub(crate) fn draw() -> Result<Vec<Photo>, Fault> {
    let mut photos = Vec::with_capacity(SCENES.len() * EACH);
    for (place, scene) in SCENES.into_iter().enumerate() {
        for each in 0..EACH {
            let mut dice = Dice::new(SEED, 0, place * EACH + each);
            let mut sheet = Sheet(RgbImage::new(WIDTH, HEIGHT));
            sheet.scene(scene, &mut dice);
            let mut png = Vec::new();
            sheet
                .0
                .write_to(&mut Cursor::new(&mut png), ImageFormat::Png)
                .map_err(|error| Fault::from_error("draw a picture", error))?;
            let photo = maeul_photo::take(&png);
            photos.push(photo.map_err(|why| Fault::other(format!("a drawn picture: {why:?}")))?);
        }
    }
    Ok(photos)
}

type Colour = [u8; 3];

struct Sheet(RgbImage);

impl Sheet {
    fn scene(&mut self, scene: Scene, dice: &mut Dice) {
        let shift = dice.between(-40, 40);
        let night = scene == Scene::Night;
        let (above, below) =
            if night { ([12, 16, 38], [38, 44, 74]) } else { ([150, 190, 226], [222, 232, 238]) };
        self.shade(0, 230, above, below);
        let ground =
            if night { ([30, 32, 40], [16, 17, 22]) } else { ([164, 162, 156], [118, 116, 112]) };
        self.shade(230, 384, ground.0, ground.1);
        // A row of houses behind everything.
        for house in 0..7 {
            let (left, high) = (house * 78 + shift / 2 - 10, dice.between(60, 130));
            let tone = if night { 34 } else { 196 };
            let tone = u8::try_from(tone + dice.between(-14, 14)).unwrap_or(120);
            self.block(left, 230 - high, 70, high, [tone, tone, tone.saturating_add(8)]);
            for window in 0..4 {
                let lit = if night && dice.chance(30) { [214, 190, 120] } else { [92, 104, 122] };
                let (column, row) = (window % 2, window / 2);
                self.block(left + 12 + column * 28, 242 - high + row * 30, 16, 16, lit);
            }
        }
        match scene {
            Scene::Night => {
                self.block(250 + shift, 90, 8, 230, [70, 72, 78]);
                self.block(250 + shift, 84, 70, 8, [70, 72, 78]);
                self.round(322 + shift, 94, 14, [52, 54, 60]);
            }
            Scene::Road => {
                self.block(0, 286, 512, 6, [226, 222, 200]);
                self.round(240 + shift, 330, 46, [66, 62, 58]);
                self.round(262 + shift, 322, 30, [44, 42, 40]);
                self.block(90 + shift, 356, 150, 4, [60, 58, 56]);
            }
            Scene::Rubbish => {
                for bag in 0..5 {
                    let left = 130 + bag * 46 + shift;
                    let tone = [[60, 62, 66], [202, 206, 212], [84, 120, 92]];
                    let colour = dice.pick(&tone).copied().unwrap_or([60, 62, 66]);
                    self.round(left, 300 - dice.between(0, 26), 34, colour);
                }
                self.block(300 + shift, 262, 74, 60, [176, 138, 92]);
            }
            Scene::Car => {
                let paint = [[168, 44, 40], [232, 232, 230], [48, 70, 112]];
                let paint = dice.pick(&paint).copied().unwrap_or([168, 44, 40]);
                self.block(130 + shift, 252, 240, 56, paint);
                self.block(178 + shift, 210, 140, 46, paint);
                self.block(190 + shift, 218, 52, 34, [190, 214, 226]);
                self.block(254 + shift, 218, 52, 34, [190, 214, 226]);
                self.round(180 + shift, 310, 24, [30, 30, 32]);
                self.round(322 + shift, 310, 24, [30, 30, 32]);
            }
            Scene::Tree => {
                self.block(236 + shift, 170, 26, 160, [104, 76, 52]);
                for (x, y) in [(250, 110), (206, 140), (294, 138), (250, 156)] {
                    self.round(x + shift, y, 56, [70, 122, 66]);
                }
                self.block(150 + shift, 316, 200, 12, [126, 96, 64]);
            }
            Scene::Sign => {
                self.block(110 + shift, 96, 10, 230, [92, 94, 98]);
                self.block(392 + shift, 96, 10, 230, [92, 94, 98]);
                self.block(110 + shift, 110, 292, 78, [236, 214, 74]);
                self.block(132 + shift, 130, 240, 12, [44, 44, 48]);
                self.block(132 + shift, 156, 170, 12, [44, 44, 48]);
            }
            Scene::Water => {
                self.shade(296, 384, [112, 140, 160], [78, 106, 130]);
                self.block(190 + shift, 270, 130, 34, [58, 60, 64]);
                for bar in 0..6 {
                    self.block(200 + bar * 20 + shift, 274, 8, 26, [24, 26, 28]);
                }
                self.round(352 + shift, 330, 20, [140, 104, 60]);
            }
            Scene::House => {
                self.block(130 + shift, 120, 260, 210, [206, 192, 170]);
                self.block(110 + shift, 104, 300, 22, [128, 76, 62]);
                for (x, y) in [(164, 150), (246, 150), (328, 150), (164, 222), (328, 222)] {
                    self.block(x + shift, y, 44, 44, [116, 136, 156]);
                }
                self.block(246 + shift, 240, 46, 90, [96, 72, 54]);
            }
        }
    }

    fn dot(&mut self, x: i64, y: i64, colour: Colour) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else { return };
        if x < WIDTH && y < HEIGHT {
            self.0.put_pixel(x, y, Rgb(colour));
        }
    }

    fn block(&mut self, left: i64, top: i64, wide: i64, high: i64, colour: Colour) {
        for y in top..top + high {
            for x in left..left + wide {
                self.dot(x, y, colour);
            }
        }
    }

    fn round(&mut self, x: i64, y: i64, radius: i64, colour: Colour) {
        for down in -radius..=radius {
            for across in -radius..=radius {
                if down * down + across * across <= radius * radius {
                    self.dot(x + across, y + down, colour);
                }
            }
        }
    }

    /// From one colour at `top` to another at `bottom`.
    fn shade(&mut self, top: i64, bottom: i64, from: Colour, to: Colour) {
        for y in top..bottom {
            let part = |from: u8, to: u8| {
                let (from, to) = (i64::from(from), i64::from(to));
                u8::try_from(from + (to - from) * (y - top) / (bottom - top)).unwrap_or(0)
            };
            let [red, green, blue] = from;
            let [red_to, green_to, blue_to] = to;
            let colour = [part(red, red_to), part(green, green_to), part(blue, blue_to)];
            self.block(0, y, i64::from(WIDTH), 1, colour);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawn_pictures_are_small_photos_without_repetition() {
        let photos = draw().unwrap();
        assert_eq!(photos.len(), SCENES.len() * EACH);
        assert!(photos.iter().all(|photo| photo.jpeg.len() < 40_000 && photo.width == WIDTH));
        let mut hashes: Vec<_> = photos.iter().map(|photo| photo.sha256).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), photos.len());
        for index in 0..300 {
            let chosen = of(&mut Dice::new(1, 1, index), "drain", 3);
            assert_eq!(chosen.len(), 3);
            assert!(chosen.iter().all(|place| *place < photos.len()));
        }
    }
}

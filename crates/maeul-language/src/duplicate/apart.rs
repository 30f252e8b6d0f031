//! How far two points are apart, in whole metres and without floats.

/// Metres in a degree of latitude, on the sphere whose radius is 6,371 km.
const METRES_PER_DEGREE: i64 = 111_195;
/// Degrees × 10^7.
const E7: i64 = 10_000_000;
/// The cosine of 33° to 39°, times 10,000: Korea.
const COSINES: [i64; 7] = [8387, 8290, 8192, 8090, 7986, 7880, 7771];

/// Metres between two points in Korea, latitude and longitude in degrees × 10^7. Exact to a few
/// parts in a thousand below ten kilometres.
pub fn metres_between(a: (i64, i64), b: (i64, i64)) -> u32 {
    let middle = (a.0 + b.0) / 2 - 33 * E7;
    let place = usize::try_from((middle / E7).clamp(0, 5)).unwrap_or(0);
    let (low, high) = (
        COSINES.get(place).copied().unwrap_or(8192),
        COSINES.get(place + 1).copied().unwrap_or(8090),
    );
    let part = middle.rem_euclid(E7) / 10_000;
    let cosine = low * 1000 + (high - low) * part;
    // Centimetres, so that rounding comes last.
    let north = (b.0 - a.0) * METRES_PER_DEGREE / (E7 / 100);
    let east = (b.1 - a.1) * METRES_PER_DEGREE / (E7 / 100) * (cosine / 100) / 100_000;
    let square = north.saturating_mul(north).saturating_add(east.saturating_mul(east));
    u32::try_from((square.max(0).isqrt() + 50) / 100).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::metres_between;

    #[test]
    fn a_degree_is_about_111_kilometres() {
        let (lat, lon) = (351_500_000, 1_268_900_000);
        assert_eq!(metres_between((lat, lon), (lat, lon)), 0);
        assert_eq!(metres_between((lat, lon), (lat + 10_000, lon)), 111);
        // cos 35.15° = 0.8177
        assert_eq!(metres_between((lat, lon), (lat, lon + 10_000)), 91);
        assert!((90_700..91_100).contains(&metres_between((lat, lon), (lat, lon + 10_000_000))));
        assert!(metres_between((0, 0), (i64::from(i32::MAX), 0)) > 1_000_000);
    }
}

//! Ranges of network addresses, and where a request really came from.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

/// A range of addresses: `10.1.0.0/16`, `::1`, `192.0.2.7`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Net {
    address: IpAddr,
    bits: u8,
}

impl Net {
    /// Everything on this machine itself.
    pub fn this_machine() -> Vec<Self> {
        vec![
            Self { address: IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), bits: 8 },
            Self { address: IpAddr::V6(Ipv6Addr::LOCALHOST), bits: 128 },
        ]
    }

    /// Whether the address lies in it.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(it)) => {
                same_front(u128::from(net.to_bits()), u128::from(it.to_bits()), 32, self.bits)
            }
            (IpAddr::V6(net), IpAddr::V6(it)) => {
                same_front(net.to_bits(), it.to_bits(), 128, self.bits)
            }
            _ => false,
        }
    }
}

fn same_front(one: u128, other: u128, width: u32, bits: u8) -> bool {
    let rest = width.saturating_sub(u32::from(bits));
    one.checked_shr(rest).unwrap_or(0) == other.checked_shr(rest).unwrap_or(0)
}

/// Text that is no range of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANet(String);

impl fmt::Display for NotANet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no network address: write 192.0.2.7 or 10.0.0.0/8", self.0)
    }
}

impl std::error::Error for NotANet {}

impl FromStr for Net {
    type Err = NotANet;

    fn from_str(text: &str) -> Result<Self, NotANet> {
        let wrong = || NotANet(text.to_owned());
        let (address, bits) = text.trim().split_once('/').unwrap_or((text.trim(), ""));
        let address = address.parse::<IpAddr>().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = if bits.is_empty() { most } else { bits.parse().map_err(|_| wrong())? };
        if bits > most {
            return Err(wrong());
        }
        Ok(Self { address, bits })
    }
}

impl TryFrom<String> for Net {
    type Error = NotANet;

    fn try_from(text: String) -> Result<Self, NotANet> {
        text.parse()
    }
}

impl From<Net> for String {
    fn from(net: Net) -> Self {
        format!("{}/{}", net.address, net.bits)
    }
}

/// Whether one of the ranges holds the address.
pub(crate) fn within(nets: &[Net], address: IpAddr) -> bool {
    nets.iter().any(|net| net.contains(address))
}

/// Where a request came from: the peer, or where the peer is a trusted proxy, the nearest address of
/// `X-Forwarded-For` that is no trusted proxy. What stands left of that one, anybody may have
/// written.
pub(crate) fn origin(peer: Option<IpAddr>, headers: &HeaderMap, proxies: &[Net]) -> Option<IpAddr> {
    let mut at = peer?.to_canonical();
    if !within(proxies, at) {
        return Some(at);
    }
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let lines = lines.filter_map(|line| line.to_str().ok());
    for word in lines.flat_map(|line| line.rsplit(',')) {
        let Some(said) = address(word) else { break };
        at = said;
        if !within(proxies, at) {
            break;
        }
    }
    Some(at)
}

/// `192.0.2.7`, `192.0.2.7:4711`, `[2001:db8::1]:4711` or `2001:db8::1`.
fn address(word: &str) -> Option<IpAddr> {
    let word = word.trim();
    let socket = || Some(word.parse::<std::net::SocketAddr>().ok()?.ip());
    let bare = word.trim_start_matches('[').trim_end_matches(']');
    bare.parse::<IpAddr>().ok().or_else(socket).map(|it| it.to_canonical())
}

/// Whose share of requests counts: an IPv4 address, or the first 64 bits of an IPv6 address, which
/// is what one household or one attacker is given.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(it) => IpAddr::V4(it),
        IpAddr::V6(it) => IpAddr::V6(Ipv6Addr::from_bits(it.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn net(text: &str) -> Net {
        text.parse().unwrap()
    }

    #[test]
    fn ranges_hold_what_is_theirs() {
        for (range, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("::1", "::1", "::2"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("127.0.0.0/8", "::ffff:127.0.0.1", "::ffff:128.0.0.1"),
        ] {
            assert!(net(range).contains(ip(inside)), "{inside} in {range}");
            assert!(!net(range).contains(ip(outside)), "{outside} not in {range}");
        }
        assert_eq!(String::from(net("10.0.0.0/8")), "10.0.0.0/8");
        for wrong in ["10.0.0.0/33", "10.0.0", "", "::/129", "10.0.0.0/-1", "a/8"] {
            assert!(wrong.parse::<Net>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let headers = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            headers
        };
        let proxies = [net("127.0.0.0/8"), net("10.0.0.0/8")];
        let of = |peer: &str, lines: &[&str]| origin(Some(ip(peer)), &headers(lines), &proxies);
        // A stranger who writes the header is still who it is.
        assert_eq!(of("203.0.113.9", &["127.0.0.1"]), Some(ip("203.0.113.9")));
        // Whatever the client wrote stands to the left of what the proxy added.
        assert_eq!(of("127.0.0.1", &["1.1.1.1, 203.0.113.9"]), Some(ip("203.0.113.9")));
        assert_eq!(of("127.0.0.1", &["1.1.1.1", "203.0.113.9"]), Some(ip("203.0.113.9")));
        // A chain of proxies, ports, brackets.
        assert_eq!(of("127.0.0.1", &["203.0.113.9:4711, 10.0.0.4"]), Some(ip("203.0.113.9")));
        assert_eq!(of("10.0.0.4", &["[2001:db8::7]:99"]), Some(ip("2001:db8::7")));
        // Nothing or nonsense: the proxy itself.
        assert_eq!(of("127.0.0.1", &[]), Some(ip("127.0.0.1")));
        assert_eq!(of("127.0.0.1", &["unknown"]), Some(ip("127.0.0.1")));
        assert_eq!(
            origin(Some(ip("127.0.0.1")), &headers(&["1.1.1.1"]), &[]),
            Some(ip("127.0.0.1"))
        );
    }

    #[test]
    fn a_household_is_64_bits_of_the_new_addresses() {
        assert_eq!(household(ip("2001:db8:1:2:3::9")), household(ip("2001:db8:1:2:ffff::1")));
        assert_ne!(household(ip("2001:db8:1:2::1")), household(ip("2001:db8:1:3::1")));
        assert_eq!(household(ip("::ffff:192.0.2.7")), ip("192.0.2.7"));
        assert_ne!(household(ip("192.0.2.7")), household(ip("192.0.2.8")));
    }
}

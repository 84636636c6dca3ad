//! Where a request comes from: the address at the other end of the connection, or the one a trusted proxy names.

use axum::http::HeaderMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// The address at the other end of the connection; the listener puts it with every request.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub IpAddr);

/// The addresses and networks from which `X-Forwarded-For` is believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

/// An address, or all that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

/// The bits of an IPv6 address that its network gives away as a whole: whoever has one such address has them all.
const SITE_BITS: u32 = 64;

impl Proxies {
    /// Who sent this request, as far as it can be known. Each proxy adds whom it heard it from at the end of
    /// `X-Forwarded-For`. So names are believed from the end on, as long as a trusted one says them.
    #[must_use]
    pub fn client(&self, peer: Option<Peer>, headers: &HeaderMap) -> IpAddr {
        let mut client =
            peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(address)| address.to_canonical());
        let named: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .flat_map(|value| value.to_str().unwrap_or_default().split(','))
            .collect();
        for name in named.into_iter().rev() {
            if !self.0.iter().any(|network| network.contains(client)) {
                break;
            }
            let Some(address) = address(name.trim()) else { break };
            client = address;
        }
        client
    }

    /// Each as it was written.
    #[must_use]
    pub fn to_texts(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

/// The address as wrong passwords are counted by it: of IPv6 the network's part alone.
#[must_use]
pub fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(leading(address.to_bits(), SITE_BITS))),
        address @ IpAddr::V4(_) => address,
    }
}

/// Some proxies name the port, too.
fn address(name: &str) -> Option<IpAddr> {
    let address = name.parse::<IpAddr>().or_else(|_| name.parse().map(|it: std::net::SocketAddr| it.ip()));
    let bracketed = || name.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    address.ok().or_else(bracketed).map(|address| address.to_canonical())
}

const fn leading(address: u128, bits: u32) -> u128 {
    if bits == 0 { 0 } else { address & (u128::MAX << (u128::BITS - bits)) }
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(mine), IpAddr::V4(theirs)) => {
                let wide = |address: Ipv4Addr| u128::from(address.to_bits()) << 96;
                leading(wide(mine), self.bits) == leading(wide(theirs), self.bits)
            }
            (IpAddr::V6(mine), IpAddr::V6(theirs)) => {
                leading(mine.to_bits(), self.bits) == leading(theirs.to_bits(), self.bits)
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let no = || format!("{text:?} is neither an address nor a network such as 10.0.0.0/8");
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| no())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| no()))?;
        if bits > most { Err(no()) } else { Ok(Self { address, bits }) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl TryFrom<Vec<String>> for Proxies {
    type Error = String;

    fn try_from(texts: Vec<String>) -> Result<Self, String> {
        texts.iter().map(|text| text.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Proxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let texts = text.split(',').filter(|part| !part.trim().is_empty());
        Self::try_from(texts.map(str::to_owned).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn client(trusted: &str, peer: &str, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(value));
        }
        let proxies: Proxies = trusted.parse().expect("addresses");
        proxies.client(Some(Peer(peer.parse().expect("an address"))), &headers).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(client("", "127.0.0.1", &["198.51.100.7"]), "127.0.0.1");
        assert_eq!(client("127.0.0.1", "203.0.113.9", &["198.51.100.7"]), "203.0.113.9");
        assert_eq!(client("127.0.0.1", "127.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("127.0.0.1", "::ffff:127.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(client("::1", "::1", &["[2001:db8::1]:443"]), "2001:db8::1");
        assert_eq!(client("::1", "::1", &["[2001:db8::1]"]), "2001:db8::1");
    }

    #[test]
    fn what_the_client_itself_wrote_is_not_believed() {
        assert_eq!(client("127.0.0.1", "127.0.0.1", &["1.2.3.4, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("127.0.0.1", "127.0.0.1", &["1.2.3.4", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("127.0.0.1, 10.0.0.0/8", "127.0.0.1", &["1.2.3.4, 5.6.7.8, 10.9.8.7"]), "5.6.7.8");
        assert_eq!(client("127.0.0.1", "127.0.0.1", &["1.2.3.4, unknown"]), "127.0.0.1");
        assert_eq!(client("127.0.0.1", "127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn one_site_counts_once() {
        let of = |text: &str| counted(text.parse().expect("an address")).to_string();
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(of("::ffff:198.51.100.7"), "198.51.100.7");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for wrong in ["proxy.example.cn", "10.0.0.0/33", "::1/129", "10.0.0.0/x"] {
            assert!(wrong.parse::<Proxies>().expect_err("wrong").contains("neither an address"), "{wrong}");
        }
        assert_eq!("0.0.0.0/0".parse::<Proxies>().expect("all").to_texts(), ["0.0.0.0/0"]);
    }
}

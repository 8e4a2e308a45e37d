//! Which addresses belong to the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether anybody on the internet could reach this address. In doubt it is not: to refuse a rare site is an annoyance,
/// to reach into the network of the server is a breach.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        // "This network", and on many systems this machine; private; loopback; multicast, reserved and broadcast.
        [0 | 10 | 127 | 224..=255, ..]
            // Carriers' NAT, where some clouds keep their metadata.
            | [100, 64..=127, ..]
            // Link-local, where most clouds keep theirs.
            | [169, 254, ..]
            // An address that Azure gives its own services on every machine, though it looks like any other.
            | [168, 63, 129, 16]
            // Private.
            | [172, 16..=31, ..]
            | [192, 168, ..]
            // Protocols; documentation.
            | [192, 0, 0 | 2, _]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            // Relays of 6to4, given up.
            | [192, 88, 99, _]
            // Benchmarks.
            | [198, 18 | 19, ..]
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // IPv4 in the clothes of IPv6: the system (mapped) or a NAT64 on the way connects to what is inside.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(inside(high, low)),
        // Protocols, among them Teredo; documentation, old and new; 6to4, which hides an IPv4 and is given up.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Nothing outside 2000::/3 has been given out for public use.
        [first, ..] => matches!(first, 0x2000..=0x3fff),
    }
}

fn inside(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use url::{Host, Url};

    use super::*;

    const PUBLIC: &[&str] = &[
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "[2000::]",
        "[2001:200::1]",
        "[2001:db7:ffff::]",
        "[2001:db9::]",
        "[2003::1]",
        "[2606:4700:4700::1111]",
        "[2a00:1450:4001:82a::200e]",
        "[3fff:1000::]",
        "[::ffff:8.8.8.8]",
        "[::ffff:808:808]",
        "[0:0:0:0:0:FFFF:0808:0808]",
        "[64:ff9b::8.8.8.8]",
        "[64:ff9b::808:808]",
        // Other spellings of 8.8.8.8 and 1.0.0.1.
        "134744072",
        "0x08080808",
        "010.8.8.8",
        "8.8.2056",
        "1.1",
        "8.8.8.8.",
        "%38.8.8.8",
    ];

    const NOT_PUBLIC: &[&str] = &[
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.100.100.200",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "168.63.129.16",
        "169.254.0.0",
        "169.254.169.254",
        "169.254.255.255",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.192",
        "192.0.2.0",
        "192.0.2.255",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.0",
        "203.0.113.255",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.0",
        "255.255.255.255",
        // Other spellings of 127.0.0.1, 0.0.0.0, 10.0.0.1 and 169.254.169.254.
        "127.1",
        "127.0.1",
        "2130706433",
        "017700000001",
        "0x7f000001",
        "0x7f.1",
        "0x7F.0x0.0x0.0x1",
        "0177.0.0.01",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "127\u{3002}0\u{ff0e}0\u{ff61}1",
        "\u{2460}\u{2461}\u{2466}.0.0.1",
        "0",
        "0x",
        "00.0",
        "012.1",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        // IPv6.
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[0000:0000:0000:0000:0000:0000:0000:0001]",
        "[::2]",
        "[::127.0.0.1]",
        "[::8.8.8.8]",
        "[::ffff:0.0.0.0]",
        "[::ffff:127.0.0.1]",
        "[::FFFF:7f00:1]",
        "[0:0:0:0:0:ffff:a00:1]",
        "[::ffff:169.254.169.254]",
        "[::ffff:255.255.255.255]",
        "[::ffff:0:8.8.8.8]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b::192.168.0.1]",
        "[64:ff9b:1::808:808]",
        "[64:ff9b:0:1::808:808]",
        "[100::1]",
        "[1fff:ffff::]",
        "[2001::1]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "[2001:2::1]",
        "[2001:10::1]",
        "[2001:1ff:ffff::]",
        "[2001:db8::]",
        "[2001:db8:ffff:ffff:ffff:ffff:ffff:ffff]",
        "[2002:808:808::1]",
        "[2002:7f00:1::]",
        "[2002:c0a8:1::1]",
        "[3fff::1]",
        "[3fff:fff:ffff::]",
        "[4000::]",
        "[5f00::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fdff:ffff::]",
        "[fe80::1]",
        "[febf:ffff::]",
        "[fec0::1]",
        "[ff02::1]",
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
    ];

    fn literal(host: &str) -> IpAddr {
        let url = Url::parse(&format!("http://{host}/")).expect("a URL");
        match url.host() {
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
            other => panic!("{host} is read as {other:?}"),
        }
    }

    #[test]
    fn only_addresses_of_the_public_internet_are_public() {
        for host in PUBLIC {
            assert!(is_public(literal(host)), "{host}");
        }
        for host in NOT_PUBLIC {
            assert!(!is_public(literal(host)), "{host}");
        }
    }

    #[test]
    fn an_embedded_address_is_judged_like_the_bare_one() {
        for bits in (0..=u32::MAX).step_by(0x1_0001) {
            let bare = Ipv4Addr::from_bits(bits);
            let mapped = bare.to_ipv6_mapped();
            assert_eq!(is_public(mapped.into()), is_public(bare.into()), "{mapped}");
        }
    }
}

//! Networks, as lists of addresses name them.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

/// Addresses, each by itself or with those of its network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    pub(super) const ACCEPTS: &str = "up to 100 addresses such as `10.0.0.7` or `::1`, and networks such as `10.0.0.0/8` or \
         `fd00::/8`, with commas between them";
    const MOST: usize = 100;

    /// # Errors
    /// Which of them is neither an address nor a network.
    pub fn parse(text: &str) -> Result<Self, String> {
        let all = text.split(',').map(str::trim).filter(|one| !one.is_empty());
        let all = all.map(network).collect::<Result<Vec<_>, _>>()?;
        if all.len() > Self::MOST {
            return Err(format!("there are more than {}", Self::MOST));
        }
        Ok(Self(all))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the address is of one of them; `address` as `to_canonical` has it.
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// What stands for IPv4 within IPv6 is IPv4.
fn network(text: &str) -> Result<IpNet, String> {
    let wrong = || format!("`{text}` is neither an address nor a network");
    let Ok(network) = text.parse::<IpNet>() else {
        let address: IpAddr = text.parse().map_err(|_form| wrong())?;
        return Ok(address.to_canonical().into());
    };
    if network.trunc() != network {
        return Err(format!(
            "`{text}` has bits beyond its length; did you mean `{}`?",
            network.trunc()
        ));
    }
    match network {
        IpNet::V6(six) => match six.network().to_ipv4_mapped() {
            Some(four) if six.prefix_len() >= 96 => {
                IpNet::new(four.into(), six.prefix_len() - 96).map_err(|_length| wrong())
            }
            _ => Ok(network),
        },
        IpNet::V4(_) => Ok(network),
    }
}

impl fmt::Display for Networks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&all.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_are_read() {
        for (text, expected) in [
            ("", Ok("")),
            ("10.0.0.7", Ok("10.0.0.7/32")),
            (" 10.0.0.0/8 , ::1 ", Ok("10.0.0.0/8,::1/128")),
            ("::ffff:10.0.0.7", Ok("10.0.0.7/32")),
            ("::ffff:10.0.0.0/104", Ok("10.0.0.0/8")),
            ("10.0.0.7/8", Err(())),
            ("10.0.0.0/33", Err(())),
            ("proxy.example", Err(())),
            ("*", Err(())),
            ("10.0.0.7:80", Err(())),
        ] {
            let read = Networks::parse(text).map(|all| all.to_string()).map_err(drop);
            assert_eq!(read, expected.map(str::to_owned), "{text}");
        }
        let proxies = Networks::parse("10.0.0.0/8,fd00::/8").unwrap();
        for (address, within) in [
            ("10.9.8.7", true),
            ("11.0.0.1", false),
            ("fd12::1", true),
            ("::1", false),
        ] {
            assert_eq!(proxies.contain(address.parse().unwrap()), within, "{address}");
        }
    }
}

//! Hosts of throw-away mailboxes.

use std::{collections::HashSet, sync::LazyLock};

static HOSTS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("throwaway.txt").lines();
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Whether a host is one of those that come with the program, or lies below one.
pub fn is_one(host: &str) -> bool {
    let below = host.match_indices('.').map(|(place, _)| &host[place + 1..]);
    std::iter::once(host).chain(below).any(|host| HOSTS.contains(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_hosts_are_known_and_others_not() {
        for host in ["mailinator.com", "x.mailinator.com", "10minutemail.com"] {
            assert!(is_one(host), "{host}");
        }
        for host in ["gmail.com", "example.com", "com", "", "mailinator.com.is", "hotmail.com"] {
            assert!(!is_one(host), "{host}");
        }
        assert!(HOSTS.len() > 8000);
        assert!(HOSTS.iter().all(|host| host.contains('.') && *host == host.to_lowercase()));
    }
}

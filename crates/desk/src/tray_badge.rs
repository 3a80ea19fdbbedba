//! The icon in the system's tray as a picture of the alerts: how bad, how many, and whether they are heard.
//!
//! Severity has a shape of its own, for those who do not tell the colours apart: a triangle needs an eye, a square a
//! hand. Two bars beside it: not heard. Left out on purpose: the tray itself, and words.

use atalaya_floor::wire::{AlertBoard, Severity};
use atalaya_review::wire::ReviewAlert;

use crate::wire::AlertsTold;

/// The picture is thought out on a square of so many points.
const GRID: u32 = 32;
type Colour = [u8; 4];
const EDGE: Colour = [24, 24, 27, 255];
const AMBER: Colour = [255, 176, 0, 255];
const RED: Colour = [208, 32, 38, 255];
const WHITE: Colour = [255, 255, 255, 255];

/// 1 to 9, and more: three by five, a row in each octal digit.
const SIGNS: [u16; 10] =
    [0o26227, 0o71747, 0o71717, 0o55711, 0o74717, 0o74757, 0o71222, 0o75757, 0o75717, 0o02720];

/// What the icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrayBadge {
    /// The worst that nobody sees to and nobody put off; `None`: nothing of the kind.
    pub worst: Option<Severity>,
    /// How many of them.
    pub count: u32,
    /// Alerts are not heard now.
    pub muted: bool,
}

impl From<&AlertBoard> for TrayBadge {
    fn from(board: &AlertBoard) -> Self {
        let demanding = board
            .active
            .iter()
            .filter(|alert| alert.acknowledged_ms.is_none() && alert.snoozed_until_ms.is_none());
        Self {
            worst: demanding.clone().map(|alert| alert.severity).max(),
            count: u32::try_from(demanding.count()).unwrap_or(u32::MAX),
            muted: board.quiet || board.muted_until_ms.is_some(),
        }
    }
}

impl From<&AlertsTold> for TrayBadge {
    fn from(told: &AlertsTold) -> Self {
        let floor = Self::from(&told.board);
        let demanding =
            |alert: &&ReviewAlert| alert.acknowledged_ms.is_none() && alert.snoozed_until_ms.is_none();
        let reviews = || told.reviews.iter().filter(demanding);
        let worst = reviews().map(|alert| if alert.fatal { Severity::Bad } else { Severity::Warn }).max();
        let count = u32::try_from(reviews().count()).unwrap_or(u32::MAX);
        Self { worst: floor.worst.max(worst), count: floor.count.saturating_add(count), ..floor }
    }
}

impl TrayBadge {
    /// What is drawn over a point of the grid; `None`: the icon shows through.
    fn at(self, x: u32, y: u32) -> Option<Colour> {
        let badge = match self.worst {
            Some(Severity::Warn) => triangle(x, y).map(|inside| (inside, AMBER, EDGE, (18, 20))),
            Some(Severity::Bad) => square(x, y).map(|inside| (inside, RED, WHITE, (20, 18))),
            None => None,
        };
        match badge {
            Some((true, fill, ink, corner)) => Some(if sign(self.count, corner, x, y) { ink } else { fill }),
            Some((false, ..)) => Some(EDGE),
            None if self.muted => bars(x, y),
            None => None,
        }
    }
}

/// Whether a point of the triangle is inside, or on its edge; `None` outside.
fn triangle(x: u32, y: u32) -> Option<bool> {
    let row = y.checked_sub(12)?;
    // In quarters of a point, from the middle.
    let off = (4 * x + 2).abs_diff(4 * 21);
    let reach = (row + 1) * 44 / 20;
    (off <= reach).then_some((2..19).contains(&row) && off + 6 <= reach)
}

/// The same of the square.
fn square(x: u32, y: u32) -> Option<bool> {
    let inside = |at: u32| (15..31).contains(&at);
    (x >= 14 && y >= 14).then_some(inside(x) && inside(y))
}

/// Two bars, in the corner that the badges leave.
fn bars(x: u32, y: u32) -> Option<Colour> {
    let bar = (2..5).contains(&x) || (7..10).contains(&x);
    let framed = (1..11).contains(&x) && (20..32).contains(&y);
    framed.then_some(if bar && (21..31).contains(&y) { WHITE } else { EDGE })
}

/// Whether the sign of a count, six points by ten from a corner, covers a point.
fn sign(count: u32, corner: (u32, u32), x: u32, y: u32) -> bool {
    let (Some(column), Some(row)) = (x.checked_sub(corner.0), y.checked_sub(corner.1)) else { return false };
    let (column, row) = (column / 2, row / 2);
    let Some(index) = count.checked_sub(1).filter(|_| column < 3 && row < 5) else { return false };
    let bits = SIGNS[(index as usize).min(SIGNS.len() - 1)];
    bits >> ((4 - row) * 3 + (2 - column)) & 1 == 1
}

/// The icon with the badge on it. `base` is `size` by `size` points of red, green, blue and opacity, a byte each, row by
/// row; bytes of any other length come back as they are.
pub fn render(badge: TrayBadge, base: &[u8], size: u32) -> Vec<u8> {
    let mut icon = base.to_vec();
    let points = u64::from(size) * u64::from(size);
    if icon.is_empty() || !icon.len().is_multiple_of(4) || points != icon.len() as u64 / 4 {
        return icon;
    }
    let grid = |at: u32| (u64::from(2 * at + 1) * u64::from(GRID) / u64::from(2 * size)) as u32;
    for (index, point) in icon.chunks_exact_mut(4).enumerate() {
        let index = index as u32;
        if let Some(colour) = badge.at(grid(index % size), grid(index / size)) {
            point.copy_from_slice(&colour);
        }
    }
    icon
}

#[cfg(test)]
mod tests {
    use super::*;
    use atalaya_floor::wire::Alert;

    const BASE: Colour = [1, 2, 3, 255];

    fn base(size: u32) -> Vec<u8> {
        BASE.repeat((size * size) as usize)
    }

    /// The icon in letters, a row to a line.
    fn letters(badge: TrayBadge, size: u32) -> Vec<String> {
        let letter = |point: &[u8]| match point {
            _ if point == BASE => '.',
            _ if point == EDGE => '#',
            _ if point == AMBER => 'a',
            _ if point == RED => 'r',
            _ => 'O',
        };
        let icon = render(badge, &base(size), size);
        icon.chunks(4 * size as usize).map(|row| row.chunks(4).map(letter).collect()).collect()
    }

    fn badge(worst: Severity, count: u32) -> TrayBadge {
        TrayBadge { worst: Some(worst), count, muted: false }
    }

    #[test]
    fn a_square_needs_a_hand() {
        let drawn = letters(badge(Severity::Bad, 3), 32);
        assert!(drawn[..14].iter().all(|row| row == &".".repeat(32)));
        assert_eq!(
            drawn[14..],
            [
                "..............##################",
                "..............#rrrrrrrrrrrrrrrr#",
                "..............#rrrrrrrrrrrrrrrr#",
                "..............#rrrrrrrrrrrrrrrr#",
                "..............#rrrrrOOOOOOrrrrr#",
                "..............#rrrrrOOOOOOrrrrr#",
                "..............#rrrrrrrrrOOrrrrr#",
                "..............#rrrrrrrrrOOrrrrr#",
                "..............#rrrrrOOOOOOrrrrr#",
                "..............#rrrrrOOOOOOrrrrr#",
                "..............#rrrrrrrrrOOrrrrr#",
                "..............#rrrrrrrrrOOrrrrr#",
                "..............#rrrrrOOOOOOrrrrr#",
                "..............#rrrrrOOOOOOrrrrr#",
                "..............#rrrrrrrrrrrrrrrr#",
                "..............#rrrrrrrrrrrrrrrr#",
                "..............#rrrrrrrrrrrrrrrr#",
                "..............##################",
            ]
        );
    }

    #[test]
    fn a_triangle_needs_an_eye_and_bars_are_not_heard() {
        let drawn = letters(TrayBadge { muted: true, ..badge(Severity::Warn, 8) }, 32);
        assert!(drawn[..12].iter().all(|row| row == &".".repeat(32)));
        assert_eq!(
            drawn[12..],
            [
                "....................##..........",
                "....................##..........",
                "...................####.........",
                "...................#aa#.........",
                "..................##aa##........",
                "..................#aaaa#........",
                ".................##aaaa##.......",
                ".................#aaaaaa#.......",
                ".##########.....##########......",
                ".#OOO##OOO#....##a######a##.....",
                ".#OOO##OOO#....#aa##aa##aa#.....",
                ".#OOO##OOO#...##aa##aa##aa##....",
                ".#OOO##OOO#...#aaa######aaa#....",
                ".#OOO##OOO#..##aaa######aaa##...",
                ".#OOO##OOO#..#aaaa##aa##aaaa#...",
                ".#OOO##OOO#.##aaaa##aa##aaaa##..",
                ".#OOO##OOO#.#aaaaa######aaaaa#..",
                ".#OOO##OOO###aaaaa######aaaaa##.",
                ".#OOO##OOO##aaaaaaaaaaaaaaaaaa#.",
                ".###############################",
            ]
        );
    }

    #[test]
    fn every_count_has_a_sign_of_its_own_and_many_are_many() {
        let drawn: Vec<_> = (1..=11).map(|count| letters(badge(Severity::Bad, count), 32)).collect();
        for (count, one) in drawn.iter().enumerate() {
            let same = drawn.iter().filter(|other| *other == one).count();
            assert_eq!(same, if count < 9 { 1 } else { 2 }, "{}", count + 1);
        }
    }

    #[test]
    fn small_icons_are_the_same_picture_and_strange_ones_are_left_alone() {
        let drawn = letters(badge(Severity::Bad, 3), 16);
        assert_eq!(drawn[8..11], [".......rrrrrrrr#", ".......rrrOOOrr#", ".......rrrrrOrr#"]);
        assert_eq!(letters(badge(Severity::Warn, 1), 64).len(), 64);
        assert_eq!(render(badge(Severity::Bad, 3), &[7; 12], 32), [7; 12]);
        assert!(render(badge(Severity::Bad, 3), &[], 0).is_empty());
        assert_eq!(render(badge(Severity::Bad, 3), &[7; 12], u32::MAX), [7; 12]);
        assert_eq!(render(TrayBadge::default(), &base(32), 32), base(32), "nothing to see to");
    }

    #[test]
    fn what_is_seen_to_or_put_off_does_not_count() {
        let seen_to = Alert { acknowledged_ms: Some(1), ..alert(Severity::Bad) };
        let put_off = Alert { snoozed_until_ms: Some(1), ..alert(Severity::Bad) };
        let mut board = AlertBoard { active: vec![seen_to, put_off], ..AlertBoard::default() };
        assert_eq!(TrayBadge::from(&board), TrayBadge::default());
        board.active.extend([alert(Severity::Warn), alert(Severity::Warn)]);
        assert_eq!(TrayBadge::from(&board), badge(Severity::Warn, 2));
        board.active.push(alert(Severity::Bad));
        board.quiet = true;
        assert_eq!(TrayBadge::from(&board), TrayBadge { muted: true, ..badge(Severity::Bad, 3) });
        let muted = AlertBoard { muted_until_ms: Some(1), ..AlertBoard::default() };
        assert_eq!(TrayBadge::from(&muted), TrayBadge { worst: None, count: 0, muted: true });
    }

    #[test]
    fn reviews_somebody_should_look_at_count_too() {
        let review = |fatal, acknowledged_ms, snoozed_until_ms| ReviewAlert {
            review: 1,
            guid: String::new(),
            agent: String::new(),
            campaign: String::new(),
            reviewer: String::new(),
            card: String::new(),
            card_name: String::new(),
            score: Some(40.0),
            under: Some(70.0),
            fatal,
            raised_ms: 0,
            acknowledged_ms,
            acknowledged_by: None,
            snoozed_until_ms,
        };
        let board = AlertBoard { active: vec![alert(Severity::Warn)], ..AlertBoard::default() };
        let told = |reviews: Vec<ReviewAlert>| {
            TrayBadge::from(&AlertsTold { board: board.clone(), reviews, history_same: false })
        };
        assert_eq!(
            told(vec![review(true, Some(1), None), review(true, None, Some(1))]),
            badge(Severity::Warn, 1)
        );
        assert_eq!(told(vec![review(false, None, None)]), badge(Severity::Warn, 2));
        assert_eq!(told(vec![review(false, None, None), review(true, None, None)]), badge(Severity::Bad, 3));
    }

    fn alert(severity: Severity) -> Alert {
        Alert {
            id: 1,
            severity,
            campaign: None,
            agent: None,
            location: None,
            parts: Vec::new(),
            since_ms: 0,
            raised_ms: 0,
            acknowledged_ms: None,
            acknowledged_by: None,
            snoozed_until_ms: None,
            resolved_ms: None,
        }
    }
}

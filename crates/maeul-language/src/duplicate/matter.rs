//! What a report is about, in the few words a district hears every day: a thing (가로등, 하수구) and
//! what ails it (꺼짐, 막힘). Two reports in quite different words (`가로등 나감`, `불이 안
//! 들어옵니다`) meet in these; a dialect or a typing error in an ending does not hide them.

use std::collections::HashMap;
use std::sync::LazyLock;

use maeul_base::Lang;

use crate::normal::normalise;

/// A thing or what ails it.
#[derive(Debug, PartialEq, Eq)]
pub struct Matter {
    ko: &'static str,
    en: &'static str,
    /// Parts of words, written without spaces, one of which has to be there, between bars.
    signs: &'static str,
}

impl Matter {
    /// Its name.
    pub const fn name(&self, lang: Lang) -> &'static str {
        lang.t(self.ko, self.en)
    }
}

const fn matter(ko: &'static str, en: &'static str, signs: &'static str) -> Matter {
    Matter { ko, en, signs }
}

/// Things, by what they are called. Places (육교, 정류장, 지하차도) are none: much can happen there.
static THINGS: [Matter; 38] = [
    matter("침수", "flood", "침수|물이차|물차|빗물이가득|물에잠"),
    matter(
        "가로등",
        "street light",
        "가로등|보안등|공원등|전등|조명|전구|등나|등안|등꺼|등이나|등이꺼|가등|streetlight|streetlamp",
    ),
    matter(
        "도로 구멍",
        "pothole",
        "포트홀|구멍|패임|패였|패인|파임|파였|파인|파여|푹꺼|싱크홀|땅꺼|포트훌|pothole",
    ),
    matter("쓰레기", "waste", "쓰레기|폐기물|무단투기|쓰래기|버려진|소파|가구버|garbage|trash"),
    matter("음식물", "food waste", "음식물"),
    matter("주차", "parking", "주차|주정차|차세워|차를세|차를대|parking"),
    matter(
        "하수구",
        "drain",
        "하수구|배수구|빗물받이|하수도|배수로|우수관|물넘|물이넘|물바다|빗물이|물이안빠|drain",
    ),
    matter("맨홀", "manhole", "맨홀|멘홀"),
    matter("현수막", "banner", "현수막|플래카드|플랜카드"),
    matter("간판", "signboard", "간판|에어라이트"),
    matter("신호등", "traffic light", "신호"),
    matter("횡단보도", "crossing", "횡단보도|건널목"),
    matter("노면 표시", "road marking", "도색|차선|흰선|선지워|선이다지|선이지|노면표시"),
    matter("나무", "tree", "가로수|나무|가지치기|나뭇가지|tree"),
    matter("잡초", "weeds", "잡초|풀|제초"),
    matter("의자", "bench", "벤치|의자|bench"),
    matter("개", "dog", "목줄|개돌아|큰개|유기견|들개|개가"),
    matter("고양이", "cat", "고양이"),
    matter("CCTV", "CCTV", "cctv|씨씨티비|감시카메라"),
    matter("눈·얼음", "snow and ice", "제설|빙판|얼어|결빙|염화칼슘|눈이안|눈안치|미끄러|미끄라"),
    matter("수도", "water pipe", "수도관|누수|상수도|물솟|물이새|물새"),
    matter("수돗물", "tap water", "수돗물|녹물|흙탕물|누런물"),
    matter("보도블록", "pavement", "보도블|인도블|블록|블럭|보도가"),
    matter("담배", "smoking", "담배|흡연|꽁초|금연"),
    matter("킥보드", "kick scooter", "킥보드"),
    matter("버스 안내기", "bus display", "안내기|버스안내|전광판"),
    matter("빈집", "empty house", "빈집|폐가|담장이|담벼락붕|담무너"),
    matter("놀이기구", "playground", "그네|미끄럼틀|시소|놀이기구"),
    matter("화장실", "toilet", "화장실|변기"),
    matter("해충", "insects", "모기|날벌레|해충|벌레|방역"),
    matter("화물차", "lorry", "화물차|덤프|대형차|밤샘주차"),
    matter("방치 차량", "abandoned car", "방치차|방치된차|번호판없|방치되어"),
    matter("오토바이", "motorcycle", "오토바이"),
    matter("소음", "noise", "소음|시끄|굉음|소리가너무|noise"),
    matter("먼지", "dust", "먼지"),
    matter("육교 난간", "railing", "난간|손잡이"),
    matter("승강기", "lift", "승강기|엘리베이터|엘베"),
    matter("전선", "power line", "전선|전깃줄|전봇대"),
];

/// What ails them.
static AILMENTS: [Matter; 13] = [
    matter("사체", "dead", "사체|죽어있|죽은"),
    matter(
        "꺼짐",
        "out",
        "꺼졌|꺼져|꺼짐|꺼진|꺼지|나갔|나감|나가|안켜|안들어|불안|들어오지|켜지지|캄캄|화면안|out",
    ),
    matter("깜빡임", "flickers", "깜빡|깜박|껌뻑"),
    matter("막힘", "blocked", "막혔|막혀|막힘|막힌|막히|맥혀|맥히|안빠|넘칩|넘침|넘쳐"),
    matter(
        "파손·고장",
        "broken",
        "부서|파손|깨진|깨졌|깨짐|깨져|부러|끊어|망가|떨어졌|떨어져|떨어지|떨어짐|고장|안바뀝|안바뀌|멈춤|멈췄|작동",
    ),
    matter("넘어짐", "fallen", "쓰러|넘어졌|넘어져있|넘어짐|부러져"),
    matter("악취", "smell", "악취|냄새"),
    matter("방치", "left lying", "방치|버리|버려|투기|쌓여|널브러|수북"),
    matter("설치 요청", "to be installed", "설치|신설|새로"),
    matter("흔들림", "loose", "흔들|고정안|들떠|튀어나|기울|무너|붕괴|늘어|처짐"),
    matter("지워짐", "worn off", "지워|도색|안보인"),
    matter("짧음", "too short", "짧|시간늘|늘려|못건"),
    matter("어두움", "dark", "어두|캄캄|깜깜"),
];

/// Every sign by its first letter, with the bit of its matter.
static STARTS: LazyLock<HashMap<char, Vec<(&'static str, Spoken)>>> = LazyLock::new(|| {
    let mut starts: HashMap<char, Vec<(&'static str, Spoken)>> = HashMap::new();
    let things =
        THINGS.iter().enumerate().map(|(bit, it)| (it, Spoken { things: 1 << bit, ailments: 0 }));
    let ailments =
        AILMENTS.iter().enumerate().map(|(bit, it)| (it, Spoken { things: 0, ailments: 1 << bit }));
    for (matter, spoken) in things.chain(ailments) {
        for sign in matter.signs.split('|') {
            if let Some(first) = sign.chars().next() {
                starts.entry(first).or_default().push((sign, spoken));
            }
        }
    }
    starts
});

/// What a text speaks of: one bit for each matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spoken {
    things: u64,
    ailments: u64,
}

impl Spoken {
    /// Reads a text.
    pub(super) fn of(text: &str) -> Self {
        let plain: String = normalise(text).chars().filter(|sign| sign.is_alphanumeric()).collect();
        let mut spoken = Self::default();
        for (at, first) in plain.char_indices() {
            let Some(starts) = STARTS.get(&first) else { continue };
            let rest = plain.get(at..).unwrap_or_default();
            for (sign, matter) in starts {
                if rest.starts_with(sign) {
                    spoken.things |= matter.things;
                    spoken.ailments |= matter.ailments;
                }
            }
        }
        spoken
    }

    /// How alike two texts are at least (and at most) by what they speak of, per mille.
    pub(super) const fn likeness(self, other: Self) -> (u32, u32) {
        let things = (self.things & other.things).count_ones();
        let ailments = (self.ailments & other.ailments).count_ones();
        let known = self.things != 0 && other.things != 0;
        let said = self.ailments != 0 && other.ailments != 0;
        match (known, things, said, ailments) {
            // The same thing, and the same is wrong with it; only one says what; something else.
            (true, 1.., true, 1..) => (850, 1000),
            (true, 1.., false, _) if self.ailments == other.ailments => (700, 1000),
            (true, 1.., false, _) => (620, 1000),
            (true, 1.., true, _) => (450, 700),
            // Two things: whatever the other words say.
            (true, _, true, 1..) => (0, 450),
            (true, ..) => (0, 300),
            (false, _, true, 1..) => (550, 1000),
            (false, _, true, _) => (0, 500),
            (false, ..) => (0, 1000),
        }
    }

    /// The matters both speak of, things first.
    pub(super) fn common(self, other: Self) -> Vec<&'static Matter> {
        let (things, ailments) = (self.things & other.things, self.ailments & other.ailments);
        let of = |matters: &'static [Matter], bits: u64| {
            matters.iter().enumerate().filter(move |(place, _)| bits >> place & 1 == 1)
        };
        of(&THINGS, things).chain(of(&AILMENTS, ailments)).map(|(_, matter)| matter).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_words_meet_in_the_same_matter() {
        for (a, b) in [
            ("가로등 나감", "보안등 불이 안 들어옵니다"),
            ("도로가 푹 꺼졌어요", "포트홀"),
            ("하수구가 맥혀갖고", "배수구 막힘"),
        ] {
            let (least, _) = Spoken::of(a).likeness(Spoken::of(b));
            assert!(least >= 600, "{a} {b}: {least}");
        }
        let (_, most) = Spoken::of("가로등이 꺼졌어요").likeness(Spoken::of("고양이가 죽어있어요"));
        assert_eq!(most, 300);
        let common = Spoken::of("가로등 꺼짐").common(Spoken::of("보안등이 나갔어요"));
        let names: Vec<_> = common.iter().map(|matter| matter.name(Lang::Ko)).collect();
        assert_eq!(names, ["가로등", "꺼짐"]);
    }
}

//! The words by which names are known: surnames, syllables of given names, words of respect,
//! roles and relations, and the ordinary words that look like names.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::words::Words;

/// Surnames of one syllable.
const SURNAMES: &str = "김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노나하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용예봉사부경피감복범";
/// Surnames common enough to be believed without any other sign.
const COMMON: &str = "김이박최정강조윤장임오서신권황안송홍손배백허남심노문양류곽한전유";
/// Surnames of two syllables.
pub(super) static DOUBLE: Words = Words::new("남궁|황보|제갈|선우|사공|서문|독고|동방|망절|어금");
/// First syllables of given names.
const FIRST: &str = "가강공본초건겸경계고관광교구국권규균근금기길나남내노누늘다단달대덕도동두라란래려련령로록루륜륭리린마만말매명무문미민방배백번범별병보복봄봉부분빈빛사산삼상새샘서석선설섬성세소솔송수숙순슬승시신아안애양언여연열영예오옥온완왕외요용우욱운웅원월위유윤율으은을음응의이익인일임자장재점정제조종주준중지진차찬창채천철청초춘충치칠탁태택토판팔평필하학한해향헌혁현협형혜호홍화환황회효후훈휘휴흔흥희";
/// Last syllables of given names.
const LAST: &str = "가강건걸겸경곤관광교구국군권규균근금기길나남네년녀노늘단달담대덕도동라락란람랑래량려련렬령례로록룡루륜률름리린림마만매명모목묘무문미민배백범별병복봄봉분비빈빛산삼상새샘서석선설섭성세소솔송수숙순술슬승시식신실심아안애양언업연열엽영예오옥온완용우욱운웅원월유윤율은을음의이익인일임자잔장재전정제조종주준중지직진찬창채천철청출춘치칠탁태택특평표필하학한해향헌혁현협형혜호홍화환황회효후훈휘흠흥희";
/// First syllables that the commonest given names begin with.
const FIRST_STRONG: &str = "갑건경광규근기길나다덕도동두래말명무문미민병보복봉상서석선성세소수숙순승시아연영예옥용우원유윤은응의인일재정종주준중지진찬창채철춘치태하한해향현형혜호홍화효훈희";
/// Last syllables that the commonest given names end in.
const LAST_STRONG: &str = "경곤동구국규균근기나남덕돈란례록룡린만명모문미민배범복봉빈석선섭수숙순술승식신심아애연열엽영예옥용우욱웅원윤율은인임자재정제종주준중진찬창채철출태택표필학한헌혁현협형혜호환훈휘희";

/// What is known of a syllable.
pub(super) mod flag {
    /// A surname.
    pub(in crate::mask) const SURNAME: u8 = 1;
    /// A common surname.
    pub(in crate::mask) const COMMON: u8 = 2;
    /// May begin a given name.
    pub(in crate::mask) const FIRST: u8 = 4;
    /// May end one.
    pub(in crate::mask) const LAST: u8 = 8;
    /// Often begins one.
    pub(in crate::mask) const FIRST_STRONG: u8 = 16;
    /// Often ends one.
    pub(in crate::mask) const LAST_STRONG: u8 = 32;
}

static FLAGS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut flags = vec![0; 11_172];
    for (syllables, bit) in [
        (SURNAMES, flag::SURNAME),
        (COMMON, flag::COMMON),
        (FIRST, flag::FIRST),
        (LAST, flag::LAST),
        (FIRST_STRONG, flag::FIRST_STRONG),
        (LAST_STRONG, flag::LAST_STRONG),
    ] {
        for syllable in syllables.chars() {
            if let Some(flag) = place(syllable).and_then(|place| flags.get_mut(place)) {
                *flag |= bit;
            }
        }
    }
    flags
});

fn place(syllable: char) -> Option<usize> {
    usize::try_from(u32::from(syllable).checked_sub(0xac00)?).ok()
}

/// Whether all of `bits` hold of a syllable.
pub(super) fn is(syllable: char, bits: u8) -> bool {
    place(syllable).and_then(|place| FLAGS.get(place)).is_some_and(|flags| flags & bits == bits)
}

static ORDINARY: LazyLock<HashSet<u64>> = LazyLock::new(|| words(include_str!("ordinary.txt")));
static GIVEN: LazyLock<HashSet<u64>> = LazyLock::new(|| words(include_str!("given.txt")));

fn words(text: &str) -> HashSet<u64> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .map(|word| key(&word.chars().collect::<Vec<_>>()))
        .collect()
}

fn key(word: &[char]) -> u64 {
    word.iter().fold(0, |key, sign| (key << 16) | u64::from(u32::from(*sign) & 0xffff))
}

/// Whether a word of two to four syllables is an ordinary one.
pub(super) fn is_ordinary(word: &[char]) -> bool {
    ORDINARY.contains(&key(word))
}

/// Whether two syllables are a common given name.
pub(super) fn is_given(word: &[char]) -> bool {
    GIVEN.contains(&key(word))
}

/// Behind any name.
pub(super) static RESPECT: Words = Words::new(
    "어르신|할머니|할아버지|할머님|아저씨|아주머니|아줌마|여사|선생|학생|어머니|아버지|어머님|\
     아버님|엄마|아빠|이모|삼촌|형님|누나|언니|오빠|동생|부부|가족|귀하|본인|고인|아기|어린이|\
     환자|옹|님|군|양",
);
/// Roles in private life and in offices behind (or before) a name.
pub(super) static ROLES: Words = Words::new(
    "사장|대표|원장|회장|통장|이장|반장|총무|팀장|과장|계장|소장|교수|기사|간호사|의사|목사|\
     스님|신부|집사|권사|장로|박사|사무장|경위|경사|순경|경장|형사|경찰관|소방관|국장|실장|부장|\
     차장|대리|주임|관장|위원장|위원|강사|코치|감독|점장|이사장|이사|조합장|단장|교사|교장|교감|\
     담임|변호사|세무사|약사|미화원|경비원|관리인|반원|간사|본부장|센터장|지점장|작가|선수|\
     기자|판사|검사|조교|매니저|보호사|복지사|활동가|지도사|전도사|권사|부녀회장|동대표|\
     입주민|원장|부원장|전무|상무|훈장",
);
/// Public offices: the name of who holds one.
pub(super) static OFFICES: Words = Words::new(
    "구청장|시장|군수|도지사|지사|구의원|시의원|도의원|군의원|국회의원|의원|동장|면장|읍장|\
     주무관|장관|차관|대통령|총리|의장|교육감|서기관|사무관|부구청장|부시장|청장|교육장|행정관|\
     비서관|수석|위정자|후보",
);
/// Relations and roles before a name.
pub(super) static RELATIONS: Words = Words::new(
    "통장|이장|반장|옆집|윗집|아랫집|앞집|뒷집|위층|아래층|윗층|이웃|이웃집|친구|아들|딸|남편|\
     아내|부인|손자|손녀|동생|형|누나|언니|오빠|엄마|아빠|어머니|아버지|할머니|할아버지|어머님|\
     아버님|시어머니|시아버지|장모|장인|며느리|사위|조카|이모|고모|삼촌|선생님|사장|사장님|원장|\
     기사|기사님|주민|어르신|학생|회장|총무|과장|팀장|계장|소장|대표|집주인|건물주|세입자|\
     임차인|임대인|점주|차주|이모씨|지인|남자친구|여자친구|동료|직원|경비원|미화원|사는|\
     거주하는|살고 있는|다니는|근무하는|일하는|라는|고인|피해자|가해자|피의자|환자|호|층|\
     부녀회장|노인회장|입주자대표|관리소장|원장님|관장|교장|교감|담임|목사|간호사|위원|위원장|\
     실장|부장|차장|국장|간사|전 남편|남동생|여동생|큰아들|작은아들|큰딸|작은딸|막내|첫째|둘째|\
     셋째|부친|모친|배우자|보호자|조합장",
);
/// Words of a form before a name.
pub(super) static LABELS: Words = Words::new(
    "이름|성명|성함|신청인|신청자|민원인|신고자|신고인|제보자|작성자|예금주|보호자|세대주|\
     임차인|임대인|건물주|집주인|세입자|대표자|담당자|담당|고인|피해자|가해자|소유자|차주|점주|\
     수신|수신인|수취인|받는사람|받는 분|보내는 사람|보낸이|보낸사람|계약자|명의자|명의|\
     성명(한글)|제출자|요청자|의뢰인|진정인|대리인|청원인|입금자|입금자명|연락담당|실명|본명|\
     작성인|당사자|목격자|운전자|참가자|서명",
);
/// How people begin to name themselves.
pub(super) static SELVES: Words = Words::new("저는|나는|본인은|전|저|난|저희는|제가");
/// Last syllables that are more often a particle or an ending behind a word of two syllables.
pub(super) const ENDINGS: &str = "은을이의도만가로나인한";
/// Last syllables that make a longer word of an ordinary one of two.
pub(super) const SUFFIXES: &str =
    "은을이의도만가로나인한기자제용화성지고서라임중시분원국률율하해게대례장형민비금권소주식";
/// Behind a name that somebody gives for himself.
pub(super) static SAYING: Words = Words::new(
    "입니다|이라고|라고|이에요|예요|이예요|인데|이고|이며|올림|드림|배상|이라는|라는|임니다|\
     임다|입니당|이올시다|이여라|이라 합니다|이라합니다|이요|이지만|이란|이었|였|입니까",
);
/// Particles behind a name.
pub(super) static PARTICLES: Words = Words::new(
    "이와|에게서|한테서|이에게|이한테|에게|한테|께서|이하고|이랑|이가|이는|이를|이의|이도|이네|하고|\
     처럼|보다|까지|부터|측|이|가|은|는|을|를|의|과|와|도|만|께|랑|네|로|아|야",
);
/// Words that end in 씨 and name nobody.
pub(super) static NOT_NAMED: Words = Words::new(
    "아저|아가|날|글|솜|맵|말|마음|마음 |불|볍|꽃|풀|씨|몸|홑|겹|도련|호박|해바라기|수박|고추|\
     배추|상추|나물|깨|열매|참외|채소|야채|민들레|코스모스|유채",
);
/// Places and houses written behind stars, so that `정OO마트` is no person.
pub(super) static STARRED_PLACES: Words = Words::new(
    "동|구|시|로|길|마트|아파트|초|중|고|학교|병원|상가|빌라|식당|교회|은행|회사|센터|공원|역|\
     면|읍|리|편의점|카페|호텔|건설|산업|대|어린이집|유치원|학원|부동산|노래방|당구장|모텔|\
     주유소|약국|의원|치과",
);

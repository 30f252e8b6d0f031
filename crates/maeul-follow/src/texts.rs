//! What is written to people. Pure: snapshot tests hold every text.

use maeul_base::Lang;
use maeul_notice::Channel;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The subject line.
    pub subject: String,
    /// The words.
    pub body: String,
}

/// The one message before anybody has confirmed: by e-mail a link, by text message a code.
pub fn confirm_email(lang: Lang, office: &str, what: &str, link: &str, hours: i64) -> Words {
    match lang {
        Lang::Ko => Words {
            subject: format!("[{office}] 소식을 받으시려면 확인해 주세요"),
            body: format!(
                "이 주소로 아래 소식을 보내 달라는 요청을 받았어요.\n\n  {what}\n\n\
                 맞으면 {hours}시간 안에 아래 링크를 열고 단추를 눌러 주세요.\n{link}\n\n\
                 요청하신 적이 없으면 그냥 두세요. 누르지 않으면 아무것도 보내지 않고, 이 주소는 며칠 안에 지워요.\n\n{office}"
            ),
        },
        Lang::En => Words {
            subject: format!("[{office}] Please confirm what you want to follow"),
            body: format!(
                "We were asked to send news to this address:\n\n  {what}\n\n\
                 If that was you, open this link within {hours} hours and press the button.\n{link}\n\n\
                 If it was not, do nothing. Without the button nothing is sent, and the address is deleted within days.\n\n{office}"
            ),
        },
    }
}

/// The code; it fits a short text message.
pub fn confirm_sms(lang: Lang, office: &str, code: &str, minutes: i64) -> Words {
    Words {
        subject: match lang {
            Lang::Ko => format!("[{office}] 확인 번호"),
            Lang::En => format!("[{office}] Code"),
        },
        body: match lang {
            Lang::Ko => {
                format!("[{office}] 소식받기 확인번호 {code}. {minutes}분 안에 적어 주세요.")
            }
            Lang::En => format!("[{office}] Your code to follow: {code}. Good for {minutes} min."),
        },
    }
}

/// A public case in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Under which heading: the 동.
    pub group: String,
    /// What the case is called.
    pub title: String,
    /// What happened to it.
    pub happened: String,
    /// Its public page.
    pub link: String,
}

/// All that one person is told at one time.
#[derive(Clone, Copy, Debug)]
pub struct Digest<'a> {
    /// The office's name.
    pub office: &'a str,
    /// What is told, those of a group together; at most as many as are named.
    pub items: &'a [Item],
    /// How many more there are.
    pub more: usize,
    /// The public list.
    pub list: &'a str,
    /// Where they change what they follow.
    pub manage: &'a str,
    /// Where they stop everything.
    pub stop: &'a str,
    /// Whether 수신거부 can be sent back.
    pub can_answer: bool,
}

impl Digest<'_> {
    /// As a message by that way.
    pub fn words(&self, channel: Channel, lang: Lang) -> Words {
        Words {
            subject: self.subject(lang),
            body: match channel {
                Channel::Email => self.email(lang),
                Channel::Sms => self.sms(lang),
            },
        }
    }

    fn count(&self) -> usize {
        self.items.len() + self.more
    }

    fn subject(&self, lang: Lang) -> String {
        let Self { office, .. } = self;
        match (self.items, self.more, lang) {
            ([only], 0, _) => format!("[{office}] {}: {}", only.happened, only.title),
            (_, _, Lang::Ko) => format!("[{office}] 따라 보시는 민원 소식 {}건", self.count()),
            (_, _, Lang::En) => format!("[{office}] {} pieces of news you follow", self.count()),
        }
    }

    fn email(&self, lang: Lang) -> String {
        let mut text = String::new();
        let mut group = None;
        for item in self.items {
            if group != Some(&item.group) {
                if group.is_some() {
                    text.push('\n');
                }
                if !item.group.is_empty() {
                    text.push_str(&format!("[{}]\n", item.group));
                }
                group = Some(&item.group);
            }
            text.push_str(&format!("- {}: {}\n  {}\n", item.title, item.happened, item.link));
        }
        if self.more > 0 {
            text.push('\n');
            text.push_str(&self.say_more(lang));
            text.push('\n');
        }
        let Self { office, manage, stop, .. } = self;
        text.push_str(&match lang {
            Lang::Ko => format!("\n받는 소식 바꾸기: {manage}\n모두 그만 받기: {stop}\n\n{office}"),
            Lang::En => {
                format!("\nChange what you follow: {manage}\nStop everything: {stop}\n\n{office}")
            }
        });
        text
    }

    fn sms(&self, lang: Lang) -> String {
        let Self { office, stop, .. } = self;
        let mut text = format!("[{office}]");
        for item in self.items {
            let place =
                if item.group.is_empty() { String::new() } else { format!("{} ", item.group) };
            text.push_str(&format!("\n{place}{}: {}\n{}", item.title, item.happened, item.link));
        }
        if self.more > 0 {
            text.push('\n');
            text.push_str(&self.say_more(lang));
        }
        text.push('\n');
        text.push_str(&match (lang, self.can_answer) {
            (Lang::Ko, true) => format!("그만 받기: {stop} 또는 '수신거부' 답장"),
            (Lang::Ko, false) => format!("그만 받기: {stop}"),
            (Lang::En, true) => format!("Stop: {stop} or reply 수신거부"),
            (Lang::En, false) => format!("Stop: {stop}"),
        });
        text
    }

    fn say_more(&self, lang: Lang) -> String {
        let Self { more, list, .. } = self;
        match lang {
            Lang::Ko => format!("그 밖에 {more}건이 더 있어요: {list}"),
            Lang::En => format!("And {more} more: {list}"),
        }
    }
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;

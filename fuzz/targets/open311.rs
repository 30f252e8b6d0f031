//! Documents of other Open311 servers, and what clients send: never a panic, and what was read is written alike.

#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use maeul_base::Lang;
use maeul_wire::open311::{
    Definition, Discovery, Errors, Filter, Format, NewRequest, NewUpdate, Pairs, Receipt, Request,
    Service, Tree, Update, degrees_e7, degrees_text, read_time, write_time,
};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for format in [Format::Xml, Format::Json] {
        let Ok(tree) = Tree::read(text, format) else { continue };
        let _ = (
            Discovery::read(&tree),
            Service::read(&tree),
            Definition::read(&tree),
            Receipt::read(&tree),
        );
        let _ = (Update::read(&tree), Errors::read(400, &tree));
        if let Ok(request) = Request::read(&tree) {
            for format in [Format::Xml, Format::Json] {
                let written = request.node().write("request", format);
                let again = Tree::read(&written, format).expect("what we write can be read");
                assert!(Request::read(&again).is_ok(), "{written}");
            }
        }
    }
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    let pairs = Pairs::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let _ = Filter::read(&pairs, Timestamp::UNIX_EPOCH, Lang::Ko);
    let _ = NewRequest::read(&pairs).name();
    let _ = NewUpdate::read(&pairs);
    if let Some(at) = read_time(text) {
        assert_eq!(read_time(&write_time(at)).map(Timestamp::as_second), Some(at.as_second()));
    }
    if let Some(degrees) = degrees_e7(text) {
        assert_eq!(degrees_e7(&degrees_text(degrees)), Some(degrees));
    }
});

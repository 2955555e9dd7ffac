//! The kinds of work, urgent and usual.

/// What comes in: service, type, group, and what people write.
pub(super) struct Kind {
    pub(super) service: &'static str,
    pub(super) name: &'static str,
    pub(super) group: &'static str,
    pub(super) subjects: Vec<&'static str>,
}

impl Kind {
    /// Reads a line of [`URGENT`] or [`USUAL`].
    pub(super) fn read(line: &'static str) -> Self {
        let mut parts = line.split("; ");
        let mut next = || parts.next().unwrap_or_default();
        Self { service: next(), name: next(), group: next(), subjects: parts.collect() }
    }
}

/// What stops a customer's work.
pub(super) const URGENT: &[&str] = &[
    "Network; incident; Network; Internet down at the whole site; VPN gateway not answering; Core switch reboots every few minutes",
    "Files; incident; Cloud; File server not reachable; Shared drives gone after the update",
    "Security; incident; Cloud; Ransomware alert on a workstation; Director's mailbox sends spam",
    "Telephony; incident; Network; No incoming calls at reception",
    "Business apps; incident; Cloud; Scheduling system shows an error to everyone; Payment terminals offline in all rooms",
];

/// Everything else.
pub(super) const USUAL: &[&str] = &[
    "Email; incident; Service desk; Outlook keeps asking for the password; Shared mailbox missing on phone; Mail to one customer comes back; Calendar shows the wrong time zone",
    "Workplace; incident; Service desk; Laptop does not wake from the dock; Second screen flickers; PDF export crashes; Keyboard types the wrong language; Very slow since Monday's update",
    "Printing; incident; Field service; Label printer prints half the page; Scan to mail stopped working; Paper jam on the second floor, again",
    "Network; incident; Network; Wi-Fi drops in the meeting room; Guest network without internet; Camera at the gate offline",
    "Files; incident; Cloud; Folder permissions lost after a move; Restore a spreadsheet from last Tuesday; Sync client stuck on 3 files",
    "Business apps; incident; Cloud; Invoice run stops at record 214; Report shows last year's figures; Cannot attach images to a case",
    "Telephony; incident; Network; Headset without sound in calls; Voicemail greeting plays twice",
    "Access; request; Service desk; New employee starts on the 1st; Access to the finance folder; Leaver: disable accounts on Friday; Reset second factor after phone change",
    "Workplace; request; Field service; Two more screens for the front desk; Move four desks to the new room; Loan laptop for a trade fair",
    "Licences; request; Service desk; Additional licence for the design suite; Move licence to a new computer",
];

# A message centre that speaks SMPP 3.4 through Net::SMPP. It tells what it hears as lines of JSON, octets in hex.
# The last four digits of a destination say what becomes of a message:
#   9ddd  refused with the status ddd    8xxx  taken, then the line ends without an answer
#   1xxx  taken, receipt UNDELIV         2xxx  taken, receipt in fields only         others: taken, receipt DELIVRD
# After the receipt it asks whether the client lives. With the system type `hexdec` ids are hex when a message is taken
# and decimal in its receipt.
use strict;
use warnings;
use Net::SMPP;
use JSON::PP;

$| = 1;
$SIG{CHLD} = 'IGNORE';
# A client that goes without a word is no news.
$SIG{__WARN__} = sub { print STDERR @_ unless $_[0] =~ /^premature eof/ };
my $json = JSON::PP->new->canonical;
my $listener = Net::SMPP->new_listen('127.0.0.1', port => 0, smpp_version => 0x34, timeout => undef) or die "listen: $!";
tell_of(event => 'listening', port => $listener->sockport);
while (1) {
    my $client = $listener->accept or next;
    defined(my $child = fork) or die "fork: $!";
    if ($child == 0) {
        serve($client);
        exit 0;
    }
    close $client;
}

sub tell_of { syswrite STDOUT, $json->encode({@_}) . "\n" }

sub octets { defined $_[0] ? unpack('H*', $_[0]) : undef }

sub serve {
    my ($client) = @_;
    my ($hexdec, $count) = (0, 0x0ABC0000);
    while (my $pdu = $client->read_pdu) {
        my ($cmd, $seq) = ($pdu->{cmd}, $pdu->{seq});
        if ($cmd == Net::SMPP::CMD_bind_transceiver) {
            tell_of(event => 'bind', system_id => $pdu->{system_id}, version => $pdu->{interface_version});
            $hexdec = $pdu->{system_type} eq 'hexdec';
            my $status = $pdu->{password} eq 's3cret' ? 0 : 0x0E;
            $client->bind_transceiver_resp(seq => $seq, status => $status, system_id => 'centre');
        }
        elsif ($cmd == Net::SMPP::CMD_submit_sm) {
            take($client, $pdu, ++$count, $hexdec) or return;
        }
        elsif ($cmd == Net::SMPP::CMD_deliver_sm_resp) {
            tell_of(event => 'receipt_answered', status => $pdu->{status});
            $client->enquire_link(async => 1);
        }
        elsif ($cmd == Net::SMPP::CMD_enquire_link_resp) { tell_of(event => 'alive') }
        elsif ($cmd == Net::SMPP::CMD_enquire_link) { $client->enquire_link_resp(seq => $seq) }
        elsif ($cmd == Net::SMPP::CMD_unbind) {
            tell_of(event => 'unbind');
            $client->unbind_resp(seq => $seq);
            return;
        }
    }
}

sub take {
    my ($client, $pdu, $number, $hexdec) = @_;
    my ($fate, $status) = $pdu->{destination_addr} =~ /(\d)(\d{3})$/;
    my %numbers = map { $_ => 0 + $pdu->{$_} } qw(source_addr_ton source_addr_npi dest_addr_ton dest_addr_npi
        esm_class data_coding registered_delivery);
    my %octets = map { $_ => octets($pdu->{$_}) } qw(short_message message_payload sar_msg_ref_num sar_total_segments
        sar_segment_seqnum);
    my %texts = map { $_ => $pdu->{$_} } qw(source_addr destination_addr validity_period);
    tell_of(event => 'submit', %numbers, %octets, %texts);
    return 0 if $fate == 8;
    if ($fate == 9) {
        $client->submit_sm_resp(seq => $pdu->{seq}, status => 0 + $status, message_id => '');
        return 1;
    }
    my $id = sprintf $hexdec ? '%X' : '%u', $number;
    $client->submit_sm_resp(seq => $pdu->{seq}, message_id => $id);
    give_receipt($client, $pdu, $fate, sprintf($hexdec ? '%010u' : '%u', $number)) if $pdu->{registered_delivery} & 1;
    return 1;
}

sub give_receipt {
    my ($client, $pdu, $fate, $id) = @_;
    my ($state, $error) = $fate == 1 ? ('UNDELIV', '034') : ('DELIVRD', '000');
    my $text = "id:$id sub:001 dlvrd:001 submit date:2601151030 done date:2601151031 stat:$state err:$error text:Your";
    my @content = $fate == 2
        ? (short_message => '', receipted_message_id => "$id\0", message_state => "\x02")
        : (short_message => $text);
    $client->deliver_sm(async => 1, source_addr => $pdu->{destination_addr}, destination_addr => $pdu->{source_addr},
        esm_class => Net::SMPP::ESM_type_delivery_receipt, data_coding => 0, @content);
}

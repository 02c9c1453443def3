using UdsBroker.Broker.Access;
using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Load;
using UdsBroker.Broker.Sessions;

namespace UdsBroker.Broker.Tests.Sessions;

/// <summary>Identities of senders of datagrams: stable while remembered, bounded, the silent ones forgotten first.</summary>
public class SenderTableTests
{
    private readonly SenderTable _table = new(3);
    private int _made;

    [Fact]
    public void The_same_sender_has_the_same_identity_and_others_have_others()
    {
        var first = IdOf("a"u8);

        Assert.NotEqual(first, IdOf("b"u8));
        Assert.Equal(first, IdOf("a"u8));
        Assert.Equal(first, IdOf("abc"u8[..1]));
    }

    [Fact]
    public void Beyond_the_bound_the_sender_that_was_silent_the_longest_is_forgotten()
    {
        var (a, b, c) = (IdOf("a"u8), IdOf("b"u8), IdOf("c"u8));
        _table.Find("a"u8);

        IdOf("d"u8);

        Assert.Equal(3, _table.Count);
        Assert.Equal(a, IdOf("a"u8));
        Assert.Equal(c, IdOf("c"u8));
        Assert.NotEqual(b, IdOf("b"u8));
    }

    [Fact]
    public void A_flood_of_new_senders_keeps_its_bound_and_those_who_go_on_sending()
    {
        var steady = IdOf("steady"u8);
        for (var i = 0; i < 10_000; i++)
        {
            IdOf(BitConverter.GetBytes(i));
            Assert.Equal(steady, IdOf("steady"u8));
        }

        Assert.Equal(3, _table.Count);
    }

    private Guid IdOf(ReadOnlySpan<byte> key)
    {
        if (_table.Find(key) is { } known) return known.Id;
        var account = new PublisherAccount(new Guid(++_made, 0, 0, new byte[8]), PeerAccess.OfBroker, new Traffic());
        _table.Add(key, account);
        return account.Id;
    }
}

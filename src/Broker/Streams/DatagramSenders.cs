using UdsBroker.Broker.Delivery;
using UdsBroker.Broker.Sessions;
using UdsBroker.Broker.Transport;

namespace UdsBroker.Broker.Streams;

/// <summary>The accounts of datagram senders, created with a sender's first datagram. Used by one stage.</summary>
/// <param name="max">How many are remembered.</param>
/// <param name="make">Makes the account of a sender, which says what it may do.</param>
internal sealed class DatagramSenders(int max, Func<DatagramSender, PublisherAccount> make)
{
    private readonly SenderTable _table = new(max);

    internal PublisherAccount AccountOf(DatagramSender sender)
    {
        if (_table.Find(sender.Key) is { } known) return known;
        var account = make(sender);
        _table.Add(sender.Key, account);
        return account;
    }
}

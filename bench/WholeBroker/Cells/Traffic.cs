using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Load;
using UdsBroker.Bench.Wires;

namespace UdsBroker.Bench.Cells;

/// <summary>Who publishes what to whom in a cell.</summary>
/// <param name="PayloadBytes">The bytes of each payload.</param>
/// <param name="Publishers">Connections that publish, all the same.</param>
/// <param name="Subscribers">Connections that each receive everything.</param>
/// <param name="Subjects">How many subjects the messages go to, in turn.</param>
/// <param name="OnePattern">True for one subscription with a wildcard, false for a subscription for each subject.</param>
internal sealed record Traffic(int PayloadBytes, int Publishers = 1, int Subscribers = 1, int Subjects = 1, bool OnePattern = false)
{
    private const string Prefix = "bench.";

    /// <summary>Sids of one length, because some wires write them into every message.</summary>
    private const uint FirstSid = 100_000;

    /// <summary>Connects everybody and makes the load.</summary>
    /// <param name="broker">The broker to connect to.</param>
    /// <param name="verify">Whether the bytes of every message are compared, where their order is known.</param>
    /// <param name="run">What to do with the load and the messages it is made of.</param>
    internal T With<T>(BrokerProcess broker, bool verify, Func<Flow, Block, T> run)
    {
        var wire = broker.Wire;
        var subjects = Enumerable.Range(0, Subjects)
            .Select(i => (Subject: $"{Prefix}{i:D5}", Sid: OnePattern ? FirstSid : FirstSid + (uint)i, Pattern: OnePattern ? $"{Prefix}*" : $"{Prefix}{i:D5}"))
            .ToList();
        var subscriptions = subjects.Select(subject => (subject.Sid, subject.Pattern)).Distinct().Take(wire.KnowsSubjects ? int.MaxValue : 1).ToList();
        var isOrdered = IsOrdered(wire, subscriptions.Count);
        var block = Block.Create(wire, subjects, PayloadBytes);
        var links = new List<Link>();
        try
        {
            var subscribers = new List<Subscriber>();
            for (var i = 0; i < Subscribers; i++)
            {
                var link = Add(links, broker.Connect());
                foreach (var (sid, pattern) in subscriptions) link.Subscribe(sid, pattern);
                var counter = wire.Count(block.Delivered.AsMemory(0, block.DeliveredLength), verify && isOrdered ? block.Delivered : default(ReadOnlyMemory<byte>?));
                subscribers.Add(new Subscriber(link, counter));
            }

            var publishers = new List<Publisher>();
            for (var i = 0; i < Publishers; i++)
            {
                var link = Add(links, broker.Connect());
                link.Announce(subjects[0].Subject);
                publishers.Add(new Publisher(link, block, wire.MaxPacket));
            }

            return run(new Flow(publishers, subscribers, block.PublishedLength), block);
        }
        finally
        {
            links.ForEach(link => link.Dispose());
        }
    }

    // Between subscriptions no broker promises an order, and the relay may cut the messages of several publishers.
    private bool IsOrdered(Wire wire, int subscriptions) => subscriptions == 1 && (Publishers == 1 || wire.KnowsSubjects);

    private static Link Add(List<Link> links, Link link)
    {
        links.Add(link);
        return link;
    }
}

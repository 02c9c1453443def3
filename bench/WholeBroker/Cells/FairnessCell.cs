using UdsBroker.Bench.Contenders;
using UdsBroker.Bench.Load;
using UdsBroker.Bench.Native;

namespace UdsBroker.Bench.Cells;

/// <summary>
/// Whether equal publishers get equal shares: each sends as much as the broker lets it, without a window. Only a broker that slows
/// publishers down can be measured so; others would drop messages or grow.
/// </summary>
internal sealed class FairnessCell(int publishers, TimeSpan round) : Cell
{
    private const string Subject = "bench.fair";

    internal override IReadOnlyList<Row> Rows { get; } = [new Row($"{publishers} publishers without a window: the slowest", "% of the mean")];

    internal override double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh)
    {
        if (broker.Contender is not Udsb) return [double.NaN];
        var block = Block.Create(broker.Wire, [(Subject, 1, Subject)], 128);
        using var subscriber = broker.Connect();
        subscriber.Subscribe(1, Subject);
        var links = Enumerable.Range(0, publishers).Select(_ => broker.Connect()).ToList();
        var isOver = false;
        var sent = links.Select(link => Task.Factory.StartNew(() => Publish(link, block, ref isOver), TaskCreationOptions.LongRunning)).ToList();
        var buffer = new byte[1 << 20]; // larger than any packet, whose rest would be lost
        var end = Environment.TickCount64 + (long)round.TotalMilliseconds;
        while (Environment.TickCount64 < end) Posix.Receive(subscriber.Descriptor, buffer);
        Volatile.Write(ref isOver, true);
        while (!sent.TrueForAll(task => task.IsCompleted))
        {
            if (Posix.TryReceive(subscriber.Descriptor, buffer) == 0) Posix.Poll([], 1);
        }

        links.ForEach(link => link.Dispose());
        var bytes = sent.ConvertAll(task => task.Result);
        return [bytes.Min() / bytes.Average() * 100];
    }

    private static double Publish(Link link, Block block, ref bool isOver)
    {
        const int piece = 64;
        double sent = 0;
        while (!Volatile.Read(ref isOver))
        {
            Posix.SendAll(link.Descriptor, block.Published.AsSpan(0, block.PublishedLength * piece));
            sent += block.PublishedLength * piece;
        }

        return sent;
    }
}

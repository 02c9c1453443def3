using UdsBroker.Bench.Contenders;

namespace UdsBroker.Bench.Cells;

/// <summary>
/// From .NET client to .NET client, each in its own process, through our broker: what a user's program gets. The rate is that of the slowest
/// subscriber, which examines every message; none may be missed.
/// </summary>
/// <param name="program">The program that plays the users.</param>
/// <param name="payloadBytes">The bytes of each payload.</param>
/// <param name="subscribers">Processes that each receive everything.</param>
/// <param name="time">How long a subscriber reads; a third of it is warm-up.</param>
internal sealed class UserTrafficCell(string program, int payloadBytes, int subscribers, TimeSpan time) : Cell
{
    internal override IReadOnlyList<Row> Rows { get; } =
    [
        new Row(Name(subscribers, payloadBytes), "messages/s for each"),
        new Row(Name(subscribers, payloadBytes) + ": allocated by a reader", "B for each message", MoreIsBetter: false),
    ];

    internal override void WarmUp(BrokerProcess broker)
    {
    }

    internal override double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh)
    {
        if (broker.Contender is not Udsb) return [double.NaN, double.NaN];
        var readers = new List<UserProcess>();
        try
        {
            for (var i = 0; i < subscribers; i++) readers.Add(UserProcess.Start(program, "subscribe", broker.SocketPath, payloadBytes, time));
            using var publisher = UserProcess.Start(program, "publish", broker.SocketPath, payloadBytes, time + TimeSpan.FromSeconds(0.5));
            var figures = readers.ConvertAll(reader => reader.Figures());
            if (figures.Exists(figure => figure[2] > 0)) throw new InvalidDataException("a subscriber missed messages");
            publisher.Figures();
            return [figures.Min(figure => figure[0]), figures.Max(figure => figure[1])];
        }
        finally
        {
            readers.ForEach(reader => reader.Dispose());
        }
    }

    private static string Name(int subscribers, int payloadBytes) =>
        $".NET client to {(subscribers == 1 ? ".NET client" : $"{subscribers} .NET clients")}, {payloadBytes} B";
}

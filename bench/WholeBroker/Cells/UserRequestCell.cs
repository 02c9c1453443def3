using UdsBroker.Bench.Contenders;

namespace UdsBroker.Bench.Cells;

/// <summary>Requests of a .NET client that a service of another .NET client answers, each in its own process, 128 bytes both ways.</summary>
/// <param name="program">The program that plays the users.</param>
/// <param name="inFlight">Requests at the same time; with 1 the times are reported, otherwise the rate.</param>
/// <param name="time">How long it asks; a third of it is warm-up.</param>
internal sealed class UserRequestCell(string program, int inFlight, TimeSpan time) : Cell
{
    internal override IReadOnlyList<Row> Rows { get; } = inFlight == 1
        ?
        [
            new Row(".NET request, one at a time: p50", "us", MoreIsBetter: false),
            new Row(".NET request, one at a time: p99", "us", MoreIsBetter: false),
        ]
        : [new Row($".NET requests, {inFlight} in flight", "requests/s")];

    internal override void WarmUp(BrokerProcess broker)
    {
    }

    internal override double[] Measure(BrokerProcess broker, Func<BrokerProcess> startFresh)
    {
        if (broker.Contender is not Udsb) return [.. Rows.Select(_ => double.NaN)];
        using var service = UserProcess.Start(program, "serve", broker.SocketPath, 0, time);
        using var requester = UserProcess.Start(program, "request", broker.SocketPath, inFlight, time);
        var figures = requester.Figures();
        return inFlight == 1 ? [figures[1], figures[2]] : [figures[0]];
    }
}

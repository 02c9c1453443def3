using Akka.Actor;
using UdsBroker.Broker.Actors;

namespace UdsBroker.Broker.Tests.Actors;

/// <summary>One periodic timer for many actors instead of a timer in each.</summary>
public sealed class PulseTests
{
    [Fact]
    public async Task Every_actor_gets_one_tick_in_each_interval_and_not_all_at_once()
    {
        using var system = ActorSystem.Create("pulse");
        var counters = Enumerable.Range(0, 200).Select(_ => system.ActorOf(Props.Create(() => new Counter()))).ToArray();
        var pulse = new Pulse(TimeSpan.FromSeconds(16), "beat");
        var beats = TimeSpan.FromSeconds(16) / pulse.Step;

        pulse.Beat(counters);
        Assert.InRange(await Sum(counters), 1, counters.Length / 2);
        for (var i = 1; i < beats; i++) pulse.Beat(counters);
        Assert.All(await Counts(counters), count => Assert.Equal(1, count));
        for (var i = 0; i < beats; i++) pulse.Beat(counters);
        Assert.All(await Counts(counters), count => Assert.Equal(2, count));
    }

    private static async Task<int> Sum(IActorRef[] counters) => (await Counts(counters)).Sum();

    private static Task<int[]> Counts(IActorRef[] counters) =>
        Task.WhenAll(counters.Select(counter => counter.Ask<int>("count", TimeSpan.FromSeconds(60))));

    private sealed class Counter : ReceiveActor
    {
        private int _beats;

        public Counter()
        {
            Receive<string>(text => text == "beat", _ => _beats++);
            Receive<string>(_ => Sender.Tell(_beats));
        }
    }
}

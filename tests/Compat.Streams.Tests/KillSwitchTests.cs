using Akka.Streams;
using Akka.Streams.Dsl;
using static Akka.Streams.SubscriptionWithCancelException;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class KillSwitchTests(Systems systems) : StreamTest(systems)
{
    private readonly InvalidOperationException _trouble = new("trouble");

    [Fact]
    public async Task Shutdown_completes_downstream_and_cancels_upstream()
    {
        var (source, killSwitch, sink) = RunUnique();
        await sink.PullAsync();
        await source.PushAsync("a");
        killSwitch.Shutdown();
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Push("a"), Signal.Finish, Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull, Signal.Cancel(StageWasCompleted.Instance), Signal.PostStop);
    }

    [Fact]
    public async Task Abort_fails_both_sides_with_the_cause()
    {
        var (source, killSwitch, sink) = RunUnique();
        await sink.FenceAsync();
        killSwitch.Abort(_trouble);
        await sink.Signals.ExpectAsync(Signal.PreStart);
        await source.Signals.ExpectAsync(Signal.PreStart);
        AssertIsTrouble("failure", await sink.Signals.NextAsync());
        AssertIsTrouble("cancel", await source.Signals.NextAsync());
        await sink.Signals.ExpectAsync(Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PostStop);
    }

    [Fact]
    public async Task Only_the_first_call_counts()
    {
        var (_, killSwitch, sink) = RunUnique();
        killSwitch.Shutdown();
        killSwitch.Abort(_trouble);
        killSwitch.Shutdown();
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Finish, Signal.PostStop);
    }

    [Fact]
    public async Task Each_run_has_a_switch_of_its_own()
    {
        var (_, first, sink1) = RunUnique();
        var (_, second, sink2) = RunUnique();
        first.Shutdown();
        await sink1.Signals.ExpectAsync(Signal.PreStart, Signal.Finish, Signal.PostStop);
        await sink2.FenceAsync();
        Assert.Equal([Signal.PreStart], sink2.Signals.Rest());
        second.Shutdown();
        await sink2.Signals.ExpectAsync(Signal.Finish, Signal.PostStop);
    }

    [Fact]
    public async Task A_shared_switch_ends_all_streams_also_those_that_come_later()
    {
        var shared = KillSwitches.Shared("all");
        var (_, sink1) = Run(shared.Flow<string>());
        var (_, sink2) = Run(Flow.Create<int>().Via(shared.Flow<int>()));
        await sink1.FenceAsync();
        await sink2.FenceAsync();
        shared.Shutdown();
        await sink1.Signals.ExpectAsync(Signal.PreStart, Signal.Finish, Signal.PostStop);
        await sink2.Signals.ExpectAsync(Signal.PreStart, Signal.Finish, Signal.PostStop);
        var (source, late) = Run(shared.Flow<string>());
        await late.Signals.ExpectAsync(Signal.PreStart, Signal.Finish, Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Cancel(StageWasCompleted.Instance), Signal.PostStop);
    }

    private static void AssertIsTrouble(string kind, Signal signal)
    {
        Assert.Equal(kind, signal.Kind);
        var aggregate = Assert.IsType<AggregateException>(signal.Value);
        Assert.Equal("trouble", aggregate.Flatten().InnerException!.Message);
    }

    private (ManualSource<string>.Control, UniqueKillSwitch, ManualSink<string>.Control) RunUnique()
    {
        var ((source, killSwitch), sink) = Source.FromGraph(new ManualSource<string>())
            .ViaMaterialized(KillSwitches.Single<string>(), Keep.Both)
            .ToMaterialized(new ManualSink<string>(), Keep.Both)
            .Run(Materializer);
        return (source, killSwitch, sink);
    }
}

using Akka.Streams.Dsl;
using static Akka.Streams.SubscriptionWithCancelException;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class EndingTests(Systems systems) : StreamTest(systems)
{
    private readonly InvalidOperationException _trouble = new("trouble");

    [Fact]
    public async Task Completion_comes_after_the_element_that_was_pushed_before_it()
    {
        var (source, sink) = Run(Flow.Create<string>().Select(s => s + s));
        await sink.PullAsync();
        await source.DoAsync(port =>
        {
            port.Push("a");
            port.CompleteStage();
        });
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Push("aa"), Signal.Finish, Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull, Signal.PostStop);
    }

    [Fact]
    public async Task Failure_comes_after_the_element_that_was_pushed_before_it()
    {
        var (source, sink) = Run(Flow.Create<string>().Select(s => s + s));
        await sink.PullAsync();
        await source.DoAsync(port =>
        {
            port.Push("a");
            port.FailStage(_trouble);
        });
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Push("aa"), Signal.Failure(_trouble), Signal.PostStop);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_last_element_can_be_grabbed_after_the_end(bool failed)
    {
        var (source, sink) = Source.FromGraph(new ManualSource<string>()).ToMaterialized(new ManualSink<string>(grabs: false), Keep.Both).Run(Materializer);
        await sink.DoAsync(port =>
        {
            port.OutlivesUpstream = true;
            port.KeepGoing(true);
            port.Pull();
        });
        await source.DoAsync(port =>
        {
            port.Push("a");
            if (failed)
                port.Fail(_trouble);
            else
                port.Complete();
        });
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Push("not grabbed"), failed ? Signal.Failure(_trouble) : Signal.Finish);
        await sink.DoAsync(port =>
        {
            Assert.True(port.IsInClosed);
            Assert.Equal("a", port.Grab());
            Assert.False(port.IsInAvailable);
            port.KeepGoing(false);
        });
        await sink.Signals.ExpectAsync(Signal.PostStop);
    }

    [Fact]
    public async Task Completion_without_demand_is_told_at_once()
    {
        var (source, sink) = Run(Flow.Create<string>().Select(s => s + s));
        await source.CompleteAsync();
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Finish, Signal.PostStop);
    }

    [Fact]
    public async Task Failure_passes_through_all_stages_as_it_is()
    {
        var (source, sink) = Run(Flow.Create<string>().Select(s => s + s).Where(_ => true).Take(5));
        await source.FailAsync(_trouble);
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Failure(_trouble), Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);
    }

    [Fact]
    public async Task A_cancellation_goes_up_and_ends_the_stages_on_its_way()
    {
        var (source, sink) = Run(Flow.Create<string>().Select(s => s + s));
        await sink.CancelAsync();
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Cancel(NoMoreElementsNeeded.Instance), Signal.PostStop);
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);
    }

    [Fact]
    public async Task The_cause_of_a_cancellation_reaches_the_source()
    {
        var (source, sink) = Run(Flow.Create<string>().Select(s => s + s).Where(_ => true));
        await sink.CancelAsync(_trouble);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Cancel(_trouble), Signal.PostStop);
    }

    [Fact]
    public async Task A_stage_that_completes_cancels_its_upstream_as_completed()
    {
        var (source, sink) = Run(Flow.Create<string>().Take(1));
        await sink.PullAsync();
        await source.PushAsync("a");
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Push("a"), Signal.Finish, Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull, Signal.Cancel(StageWasCompleted.Instance), Signal.PostStop);
    }

    [Fact]
    public async Task A_cancellation_overtakes_the_pull_before_it()
    {
        var (source, sink) = Run<string>();
        await sink.DoAsync(port =>
        {
            port.Pull();
            port.Cancel();
            Assert.True(port.IsInClosed);
        });
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Cancel(NoMoreElementsNeeded.Instance), Signal.PostStop);
    }

    [Fact]
    public async Task An_exception_in_a_handler_fails_the_stage_in_both_directions()
    {
        var (source, sink) = Run(Flow.Create<string>().Via(new ThrowingStage(_trouble)));
        await sink.PullAsync();
        await source.PushAsync("a");
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Failure(_trouble), Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull, Signal.Cancel(_trouble), Signal.PostStop);
    }

    [Fact]
    public async Task A_closed_port_can_neither_be_pulled_nor_pushed()
    {
        var (source, sink) = Run<string>();
        await sink.DoAsync(port =>
        {
            port.KeepGoing(true);
            port.Cancel();
            Assert.Throws<ArgumentException>(port.Pull);
            port.TryPull();
        });
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Cancel(NoMoreElementsNeeded.Instance), Signal.PostStop);
        await sink.DoAsync(port => port.KeepGoing(false));
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);

        var (other, _) = Run<string>();
        await other.DoAsync(port =>
        {
            port.Complete();
            Assert.True(port.IsOutClosed);
            Assert.Throws<ArgumentException>(() => port.Push("a"));
        });
    }

    [Fact]
    public async Task Ending_twice_is_ending_once()
    {
        var (source, sink) = Run<string>();
        await source.DoAsync(port =>
        {
            port.CompleteStage();
            port.FailStage(_trouble);
            port.CompleteStage();
        });
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Finish, Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);
        Assert.Empty(source.Signals.Rest());
        Assert.Empty(sink.Signals.Rest());
    }

    [Fact]
    public async Task A_stage_that_keeps_going_outlives_its_ports()
    {
        var (source, sink) = Run<string>();
        await sink.DoAsync(port => port.KeepGoing(true));
        await sink.CancelAsync();
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Cancel(NoMoreElementsNeeded.Instance), Signal.PostStop);
        await sink.FenceAsync();
        Assert.Equal([Signal.PreStart], sink.Signals.Rest());
        await sink.DoAsync(port => port.KeepGoing(false));
        await sink.Signals.ExpectAsync(Signal.PostStop);
    }
}

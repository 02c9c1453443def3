using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class TimerTests(Systems systems) : StreamTest(systems)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_timer_ticks_once_and_is_then_not_active()
    {
        var timers = await RunAsync();
        await timers.DoAsync(port =>
        {
            port.Once("a", Soon);
            Assert.True(port.IsActive("a"));
        });
        await timers.Signals.ExpectAsync(new Signal("a", false));
        await timers.DoAsync(port => port.CompleteStage());
        await timers.Signals.ExpectAsync(Signal.PostStop);
    }

    [Fact]
    public async Task A_repeated_timer_ticks_until_it_is_cancelled()
    {
        var timers = await RunAsync();
        await timers.DoAsync(port => port.Repeatedly("a", Soon));
        for (var i = 0; i < 3; i++)
            await timers.Signals.ExpectAsync(new Signal("a", true));
        await timers.DoAsync(port =>
        {
            port.CancelIt("a");
            Assert.False(port.IsActive("a"));
            while (timers.Signals.Rest().Count > 0)
            {
            }

            port.Once("b", 5 * Soon);
        });
        await timers.Signals.ExpectAsync(new Signal("b", false));
        await timers.DoAsync(port => port.CompleteStage());
    }

    [Fact]
    public async Task A_timer_with_the_same_key_replaces_the_one_before()
    {
        var timers = await RunAsync();
        await timers.DoAsync(port =>
        {
            port.Repeatedly("a", TimeSpan.FromMilliseconds(1));
            port.Once("a", 3 * Soon);
            port.Once("b", 6 * Soon);
        });
        await timers.Signals.ExpectAsync(new Signal("a", false), new Signal("b", false));
        await timers.DoAsync(port => port.CompleteStage());
    }

    [Fact]
    public async Task Timers_end_with_the_stage()
    {
        var timers = await RunAsync();
        await timers.DoAsync(port =>
        {
            port.Repeatedly("a", TimeSpan.FromMilliseconds(1));
            port.Once("b", Never);
            port.CompleteStage();
        });
        await timers.Signals.ExpectAsync(Signal.PostStop);

        // What was due before this one would have come before it.
        var later = await RunAsync();
        await later.DoAsync(port => port.Once("c", Soon));
        await later.Signals.ExpectAsync(new Signal("c", false));
        await later.DoAsync(port => port.CompleteStage());
        Assert.Empty(timers.Signals.Rest());
    }

    [Fact]
    public async Task A_tick_source_ticks_until_it_is_cancelled()
    {
        var (cancelable, ticks) = Source.Tick(TimeSpan.Zero, TimeSpan.FromMilliseconds(1), "tick")
            .ToMaterialized(new ManualSink<string>(), Keep.Both)
            .Run(Materializer);
        await ticks.Signals.ExpectAsync(Signal.PreStart);
        for (var i = 0; i < 3; i++)
        {
            await ticks.PullAsync();
            await ticks.Signals.ExpectAsync(Signal.Push("tick"));
        }

        Assert.False(cancelable.IsCancellationRequested);
        cancelable.Cancel();
        Assert.True(cancelable.IsCancellationRequested);
        await ticks.Signals.ExpectAsync(Signal.Finish, Signal.PostStop);
    }

    private async Task<TimerStage.Control> RunAsync()
    {
        var control = Source.FromGraph(new TimerStage()).To(Sink.Ignore<string>()).Run(Materializer);
        await control.FenceAsync();
        return control;
    }

    /// <summary>A source without elements, whose timers the test sets. A tick is recorded with whether its timer is still active.</summary>
    private sealed class TimerStage : GraphStageWithMaterializedValue<SourceShape<string>, TimerStage.Control>
    {
        public override SourceShape<string> Shape { get; } = new(new Outlet<string>("Timer.out"));

        public override ILogicAndMaterializedValue<Control> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
        {
            var control = new Control();
            return new LogicAndMaterializedValue<Control>(new Port(Shape, control), control);
        }

        public sealed class Control : ManualControl<Port>;

        public sealed class Port : TimerGraphStageLogic
        {
            private readonly Control _control;

            public Port(SourceShape<string> shape, Control control)
                : base(shape)
            {
                _control = control;
                SetHandler(shape.Outlet, EagerTerminateOutput);
            }

            public void Once(object key, TimeSpan delay) => ScheduleOnce(key, delay);

            public void Repeatedly(object key, TimeSpan interval) => ScheduleRepeatedly(key, interval);

            public void CancelIt(object key) => CancelTimer(key);

            public bool IsActive(object key) => IsTimerActive(key);

            public override void PreStart() => _control.Started(GetAsyncCallback<Action<Port>>(action => action(this)));

            public override void PostStop() => _control.Signals.Add(Signal.PostStop);

            protected override void OnTimer(object timerKey) => _control.Signals.Add(new Signal((string)timerKey, IsTimerActive(timerKey)));
        }
    }
}

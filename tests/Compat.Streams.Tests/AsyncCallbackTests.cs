using System.Collections.Concurrent;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Streams.Stage;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class AsyncCallbackTests(Systems systems) : StreamTest(systems)
{
    private readonly InvalidOperationException _trouble = new("trouble");

    [Fact]
    public async Task Calls_from_many_threads_run_one_at_a_time_and_in_the_order_of_each_thread()
    {
        const int Threads = 4, Calls = 20_000;
        var stage = new CallbackStage();
        var sink = Source.FromGraph(stage).ToMaterialized(new ManualSink<string>(), Keep.Right).Run(Materializer);
        await sink.Signals.ExpectAsync(Signal.PreStart);
        var call = await Within(stage.Typed);
        var last = new int[Threads];
        var inside = 0;
        var wrong = new ConcurrentQueue<string>();
        var all = new CountdownEvent(Threads * Calls);
        stage.OnCall = (thread, number) =>
        {
            if (Interlocked.Increment(ref inside) != 1)
                wrong.Enqueue("two at once");
            if (++last[thread] != number)
                wrong.Enqueue($"thread {thread}: {number} came when {last[thread]} was expected");
            Interlocked.Decrement(ref inside);
            all.Signal();
        };
        await Within(Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (var number = 1; number <= Calls; number++)
                call((thread, number));
        }))));
        Assert.True(all.Wait(Patience, Cancel));
        Assert.Empty(wrong);
        await sink.CancelAsync();
    }

    [Fact]
    public async Task A_call_during_the_start_runs_after_the_start()
    {
        var stage = new CallbackStage { CallsItselfAtStart = true };
        var sink = Source.FromGraph(stage).ToMaterialized(new ManualSink<string>(), Keep.Right).Run(Materializer);
        await stage.Signals.ExpectAsync(new Signal("pre-start begins"), new Signal("pre-start ends"), new Signal("called"));
        await sink.CancelAsync();
    }

    [Fact]
    public async Task A_call_from_inside_of_a_handler_runs_after_the_handler()
    {
        var stage = new CallbackStage { CallsItselfWhenPulled = true };
        var sink = Source.FromGraph(stage).ToMaterialized(new ManualSink<string>(), Keep.Right).Run(Materializer);
        await sink.PullAsync();
        await stage.Signals.ExpectAsync(
            new Signal("pre-start begins"), new Signal("pre-start ends"), new Signal("pull begins"), new Signal("pull ends"), new Signal("called"));
        await sink.CancelAsync();
    }

    [Fact]
    public async Task A_call_after_the_end_does_nothing()
    {
        var stage = new CallbackStage();
        var sink = Source.FromGraph(stage).ToMaterialized(new ManualSink<string>(), Keep.Right).Run(Materializer);
        var typed = await Within(stage.Typed);
        var plain = await Within(stage.Plain);
        await sink.DoAsync(port =>
        {
            port.KeepGoing(true);
            port.Cancel();
        });
        await stage.Signals.ExpectAsync(new Signal("pre-start begins"), new Signal("pre-start ends"), Signal.PostStop);
        plain();
        typed((0, 0));
        await sink.FenceAsync();
        await sink.DoAsync(port => port.KeepGoing(false));
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);
        plain();
        typed((0, 0));
        Assert.Empty(stage.Signals.Rest());
    }

    [Fact]
    public async Task An_exception_in_a_callback_fails_the_stage()
    {
        var stage = new CallbackStage { OnCall = (_, _) => throw _trouble };
        var sink = Source.FromGraph(stage).ToMaterialized(new ManualSink<string>(), Keep.Right).Run(Materializer);
        (await Within(stage.Typed))((0, 0));
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Failure(_trouble), Signal.PostStop);
    }

    [Fact]
    public async Task A_call_from_inside_gets_its_turn_in_a_stream_without_end()
    {
        var ended = Source.Repeat("x").Via(new EndingItselfStage()).RunWith(Sink.Ignore<string>(), Materializer);
        await Within(ended);
    }

    /// <summary>Hands elements on and completes by a callback that it calls at the first one.</summary>
    private sealed class EndingItselfStage : GraphStage<FlowShape<string, string>>
    {
        public override FlowShape<string, string> Shape { get; } = new(new Inlet<string>("Ending.in"), new Outlet<string>("Ending.out"));

        protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(Shape);

        private sealed class Logic : InAndOutGraphStageLogic
        {
            private readonly FlowShape<string, string> _shape;
            private bool _called;

            public Logic(FlowShape<string, string> shape)
                : base(shape)
            {
                _shape = shape;
                SetHandlers(shape.Inlet, shape.Outlet, this);
            }

            public override void OnPush()
            {
                Push(_shape.Outlet, Grab(_shape.Inlet));
                if (!_called)
                    GetAsyncCallback(CompleteStage)();
                _called = true;
            }

            public override void OnPull() => Pull(_shape.Inlet);
        }
    }

    /// <summary>A source whose callbacks are handed to the test.</summary>
    private sealed class CallbackStage : GraphStage<SourceShape<string>>
    {
        private readonly TaskCompletionSource<Action<(int Thread, int Number)>> _typed = new();
        private readonly TaskCompletionSource<Action> _plain = new();

        public Recorder Signals { get; } = new();

        public Task<Action<(int Thread, int Number)>> Typed => _typed.Task;

        public Task<Action> Plain => _plain.Task;

        public Action<int, int> OnCall { get; set; } = (_, _) => { };

        public bool CallsItselfAtStart { get; init; }

        public bool CallsItselfWhenPulled { get; init; }

        public override SourceShape<string> Shape { get; } = new(new Outlet<string>("Callback.out"));

        protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this);

        private sealed class Logic : OutGraphStageLogic
        {
            private readonly CallbackStage _stage;
            private readonly Action _called;

            public Logic(CallbackStage stage)
                : base(stage.Shape)
            {
                _stage = stage;
                SetHandler(stage.Shape.Outlet, this);
                _called = GetAsyncCallback(() => stage.Signals.Add(new Signal("called")));
            }

            public override void PreStart()
            {
                _stage.Signals.Add(new Signal("pre-start begins"));
                _stage._typed.SetResult(GetAsyncCallback<(int Thread, int Number)>(call => _stage.OnCall(call.Thread, call.Number)));
                _stage._plain.SetResult(_called);
                if (_stage.CallsItselfAtStart)
                    _called();
                _stage.Signals.Add(new Signal("pre-start ends"));
            }

            public override void OnPull()
            {
                _stage.Signals.Add(new Signal("pull begins"));
                if (_stage.CallsItselfWhenPulled)
                    _called();
                _stage.Signals.Add(new Signal("pull ends"));
            }

            public override void PostStop() => _stage.Signals.Add(Signal.PostStop);
        }
    }
}

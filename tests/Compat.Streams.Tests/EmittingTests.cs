using Akka.Streams;

namespace UdsBroker.Compat.Streams.Tests;

public sealed class EmittingTests(Systems systems) : StreamTest(systems)
{
    [Fact]
    public async Task What_is_emitted_waits_for_demand_and_keeps_its_order()
    {
        var (source, sink) = Run<string>();
        List<string> done = [];
        await source.DoAsync(port =>
        {
            port.Emit("a", () => done.Add("a"));
            port.EmitMultiple(["b", "c"], () => done.Add("bc"));
            port.EmitMultiple([], () => done.Add("nothing"));
            port.Emit("d", () => done.Add("d"));
            Assert.Equal(["nothing"], done);
        });
        await sink.Signals.ExpectAsync(Signal.PreStart);
        foreach (var element in (string[])["a", "b", "c", "d"])
        {
            await sink.PullAsync();
            await sink.Signals.ExpectAsync(Signal.Push(element));
        }

        await source.DoAsync(_ => Assert.Equal(["nothing", "a", "bc", "d"], done));
        await source.Signals.ExpectAsync(Signal.PreStart);
        await sink.PullAsync();
        await source.Signals.ExpectAsync(Signal.Pull);
        await source.DoAsync(port => port.Emit("now", () => done.Add("now")));
        await sink.Signals.ExpectAsync(Signal.Push("now"));
    }

    [Fact]
    public async Task What_is_emitted_afterwards_comes_last()
    {
        var (source, sink) = Run<string>();
        await source.DoAsync(port =>
        {
            port.Emit("a", () => port.Emit("c", () => { }));
            port.Emit("b", () => { });
        });
        await sink.Signals.ExpectAsync(Signal.PreStart);
        foreach (var element in (string[])["a", "b", "c"])
        {
            await sink.PullAsync();
            await sink.Signals.ExpectAsync(Signal.Push(element));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_completion_waits_for_what_is_being_emitted(bool wholeStage)
    {
        var (source, sink) = Run<string>();
        await source.DoAsync(port =>
        {
            port.EmitMultiple(["a", "b"], () => { });
            if (wholeStage)
                port.CompleteStage();
            else
                port.Complete();
        });
        await sink.PullAsync();
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Push("a"));
        await sink.PullAsync();
        await sink.Signals.ExpectAsync(Signal.Push("b"), Signal.Finish, Signal.PostStop);
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.PostStop);
    }

    [Fact]
    public async Task Emitting_can_be_aborted()
    {
        var (source, sink) = Run<string>();
        await source.DoAsync(port =>
        {
            port.EmitMultiple(["a", "b"], () => { });
            port.AbortEmitting();
        });
        await sink.PullAsync();
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        await source.PushAsync("c");
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Push("c"));
    }

    [Fact]
    public async Task A_cancellation_while_emitting_reaches_the_handler_of_the_stage()
    {
        var (source, sink) = Run<string>();
        await source.DoAsync(port => port.Emit("a", () => { }));
        await sink.CancelAsync();
        await source.Signals.ExpectAsync(
            Signal.PreStart, Signal.Cancel(SubscriptionWithCancelException.NoMoreElementsNeeded.Instance), Signal.PostStop);
    }

    [Fact]
    public async Task Reading_waits_for_elements_and_restores_the_handler()
    {
        var (source, sink) = Run<string>();
        List<string> read = [];
        await sink.DoAsync(port => port.Read(read.Add, () => read.Add("closed")));
        await source.Signals.ExpectAsync(Signal.PreStart, Signal.Pull);
        await source.PushAsync("a");
        await sink.DoAsync(port =>
        {
            Assert.Equal(["a"], read);
            port.ReadMany(2, elements => read.AddRange(elements), _ => { });
        });
        await source.PushAsync("b");
        await source.PushAsync("c");
        await sink.DoAsync(_ => Assert.Equal(["a", "b", "c"], read));
        await sink.PullAsync();
        await source.PushAsync("d");
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Push("d"));
    }

    [Fact]
    public async Task A_reader_hears_of_the_end()
    {
        var (source, sink) = Run<string>();
        List<string> read = [];
        await sink.DoAsync(port => port.ReadMany(3, _ => read.Add("all"), elements => read.AddRange(elements)));
        await source.PushAsync("a");
        await source.CompleteAsync();
        await sink.Signals.ExpectAsync(Signal.PreStart, Signal.Finish, Signal.PostStop);
        Assert.Equal(["a"], read);
    }
}

using Akka.Actor;

namespace UdsBroker.Compat.Actors.Tests;

public sealed class AskTests
{
    [Fact]
    public async Task The_answer_completes_the_task()
    {
        await using var test = new TestSystem();
        var echo = test.Run((context, message) => context.Sender.Tell(message));
        Assert.Equal(42, await echo.AskFor<int>(42));
    }

    [Fact]
    public async Task No_answer_in_time_is_a_timeout()
    {
        await using var test = new TestSystem();
        var silent = test.Run((_, _) => { });
        await Assert.ThrowsAsync<AskTimeoutException>(
            () => silent.Ask<int>("x", TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_configured_timeout_holds_when_none_is_given()
    {
        await using var test = new TestSystem("akka.actor.ask-timeout = 50ms");
        var silent = test.Run((_, _) => { });
        await Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ask<int>("x", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Asking_can_be_cancelled()
    {
        await using var test = new TestSystem();
        var silent = test.Run((_, _) => { });
        using var cancellation = new CancellationTokenSource();
        var asking = silent.Ask<int>("x", cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task A_failure_as_the_answer_fails_the_task_with_its_cause()
    {
        await using var test = new TestSystem();
        var failing = test.Run((context, _) => context.Sender.Tell(new Status.Failure(new Boom("asked"))));
        var failure = await Assert.ThrowsAsync<Boom>(() => failing.AskFor<int>("x"));
        Assert.Equal("asked", failure.Message);
    }

    [Fact]
    public async Task A_failure_is_the_answer_to_who_asks_for_one()
    {
        await using var test = new TestSystem();
        var failing = test.Run((context, _) => context.Sender.Tell(new Status.Failure(new Boom("asked"), "why")));
        Assert.Equal("asked", (await failing.AskFor<Status.Failure>("x")).Cause.Message);
        Assert.StartsWith("Failure[why]: ", (await failing.AskFor<Status>("x")).ToString());
    }

    [Fact]
    public void Nobody_and_null_cannot_be_asked()
    {
        Assert.Throws<NotSupportedException>(() => { _ = ActorRefs.Nobody.Ask<int>("x", TestContext.Current.CancellationToken); });
        Assert.Throws<ArgumentException>(() => { _ = ((ICanTell)null!).Ask<int>("x", TestContext.Current.CancellationToken); });
    }

    [Fact]
    public async Task An_answer_of_another_type_fails_the_task()
    {
        await using var test = new TestSystem();
        var wrong = test.Run((context, _) => context.Sender.Tell("text"));
        await Assert.ThrowsAsync<ArgumentException>(() => wrong.AskFor<int>("x"));
    }

    [Fact]
    public async Task The_message_can_carry_the_reference_that_takes_the_answer()
    {
        await using var test = new TestSystem();
        var actor = test.Run((_, message) => ((IActorRef)message).Tell("to you"));
        Assert.Equal("to you", await actor.Ask<string>(asker => asker, Probe.Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_asker_has_a_path_under_which_it_can_be_found_while_it_waits()
    {
        await using var test = new TestSystem();
        var provider = ((ExtendedActorSystem)test.System).Provider;
        var actor = test.Run((context, _) => provider.ResolveActorRef(context.Sender.Path.ToString()).Tell("found"));
        Assert.Equal("found", await actor.AskFor<string>("x"));
    }

    [Fact]
    public async Task A_piped_result_becomes_a_message()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        await Task.FromResult(7).PipeTo(probe.Ref, test.System.DeadLetters);
        await probe.Expect(7);
        await Task.FromResult(7).PipeTo(probe.Ref, success: number => $"got {number}");
        await probe.Expect("got 7");
        await Task.CompletedTask.PipeTo(probe.Ref, success: () => "done");
        await probe.Expect("done");
        await new ValueTask<int>(8).PipeTo(probe.Ref);
        await probe.Expect(8);
    }

    [Fact]
    public async Task A_piped_failure_becomes_a_status_failure_or_what_the_function_makes_of_it()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        await Task.FromException<int>(new Boom("piped")).PipeTo(probe.Ref);
        Assert.Equal("piped", (await probe.Next<Status.Failure>()).Cause.Message);
        await Task.FromException(new Boom("piped")).PipeTo(probe.Ref, failure: cause => "failed: " + cause.Message);
        await probe.Expect("failed: piped");
        await Task.FromCanceled<int>(new CancellationToken(true)).PipeTo(probe.Ref);
        Assert.IsType<TaskCanceledException>((await probe.Next<Status.Failure>()).Cause);
    }

    [Fact]
    public async Task A_graceful_stop_lets_the_queue_be_worked_off_and_awaits_the_end()
    {
        await using var test = new TestSystem();
        var probe = test.CreateProbe();
        var actor = test.System.ActorOf(Recorder.Props(probe, "a"));
        actor.Tell("queued");
        Assert.True(await actor.GracefulStop(Probe.Patience));
        await probe.Expect("a constructed", "a started", "a queued", "a stopped");
        Assert.True(await actor.GracefulStop(Probe.Patience));
    }

    [Fact]
    public async Task A_graceful_stop_that_takes_too_long_says_so()
    {
        await using var test = new TestSystem();
        using var gate = new ManualResetEventSlim();
        var actor = test.Run((_, _) => gate.Wait(Probe.Patience));
        actor.Tell("block");
        Assert.False(await actor.GracefulStop(TimeSpan.FromMilliseconds(50)));
        gate.Set();
    }

    [Fact]
    public async Task A_graceful_stop_can_use_a_message_of_the_actors_own()
    {
        await using var test = new TestSystem();
        var actor = test.Run((context, message) =>
        {
            if (message is "please") context.Stop(context.Self);
        });
        Assert.True(await actor.GracefulStop(Probe.Patience, "please"));
    }
}

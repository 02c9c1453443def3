using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>Requests, answers and services, and what each side is told when something goes wrong.</summary>
public class RequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_is_answered_by_a_service()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient server = broker.NewClient(), client = broker.NewClient();
        await using Service service = await server.ServeAsync(
            "double", (request, _) => ValueTask.FromResult(Text.Bytes(Text.Of(request) + Text.Of(request))), cancellationToken: Token);
        Message answer = await client.RequestAsync("double", Text.Bytes("ab"), cancellationToken: Token);
        Assert.Equal(("abab", server.Id), (Text.Of(answer), answer.Sender));
        string[] answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(async i => Text.Of(await client.RequestAsync("double", Text.Bytes($"{i}"), cancellationToken: Token))));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}{i}"), answers);
        Assert.Equal(0, client.UnclaimedCount);
    }

    [Fact]
    public async Task An_exception_of_the_handler_is_one_at_the_caller()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        TaskCompletionSource<Exception> failed = new();
        await using Service service = await client.ServeAsync(
            "fail.*",
            (request, _) => throw (request.Subject == "fail.known" ? new ServiceException(42, "wrong size") : new InvalidDataException("boom")),
            cancellationToken: Token);
        service.HandlerFailed += (_, error) => failed.TrySetResult(error);
        ServiceException error = await Assert.ThrowsAsync<ServiceException>(async () => await client.RequestAsync("fail.known", default, cancellationToken: Token));
        Assert.Equal((42, "wrong size"), (error.ServiceCode, error.Message));
        error = await Assert.ThrowsAsync<ServiceException>(async () => await client.RequestAsync("fail.other", default, cancellationToken: Token));
        Assert.Equal((Service.UnexpectedErrorCode, "boom"), (error.ServiceCode, error.Message));
        Assert.IsType<ServiceException>(await failed.Task.WaitAsync(TimeSpan.FromSeconds(60), Token));
    }

    [Fact]
    public async Task A_request_that_nobody_listens_to_fails_at_once()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = new(broker.Options with { RequestTimeout = TimeSpan.FromMinutes(5) });
        NoRespondersException error = await Assert.ThrowsAsync<NoRespondersException>(async () => await client.RequestAsync("nobody", default, cancellationToken: Token));
        Assert.Equal(("nobody", ErrorCode.NoResponders), (error.Subject, error.Code));
        await foreach (Message _ in client.RequestManyAsync("nobody", default, cancellationToken: Token)) Assert.Fail("nobody answers");
    }

    [Fact]
    public async Task The_first_requests_of_a_client_may_all_be_made_at_once()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient server = broker.NewClient();
        await using Service service = await server.ServeAsync("echo", (request, _) => ValueTask.FromResult(request.Payload), cancellationToken: Token);
        for (int round = 0; round < 20; round++)
        {
            await using UdsBrokerClient client = broker.NewClient();
            await client.ConnectAsync(Token);
            using Barrier together = new(4);
            string[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Factory.StartNew(
                async () =>
                {
                    together.SignalAndWait(Token);
                    return Text.Of(await client.RequestAsync("echo", Text.Bytes($"{i}"), cancellationToken: Token));
                },
                Token,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap()));
            Assert.Equal(["0", "1", "2", "3"], answers);
        }
    }

    [Theory]
    [InlineData(ErrorCode.GoneIdentity, typeof(NoRespondersException))]
    [InlineData(ErrorCode.ResponderGone, typeof(ResponderGoneException))]
    [InlineData(ErrorCode.BadSubject, typeof(UdsBrokerException))]
    public async Task What_the_broker_says_of_a_request_is_its_typed_exception_and_nobody_elses(ErrorCode code, Type expected)
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        List<ErrorCommand> others = [];
        client.ErrorReceived += others.Add;
        Task<Message> failing = client.RequestAsync("a", Text.Bytes("1"), timeout: TimeSpan.FromMinutes(5), cancellationToken: Token).AsTask();
        SentFrame first = await peer.ExpectAsync(FrameKind.Publish);
        Task<Message> answered = client.RequestAsync("a", Text.Bytes("2"), cancellationToken: Token).AsTask();
        SentFrame second = await peer.ExpectAsync(FrameKind.Publish);
        await peer.SendAsync(Wire.Error(code, "said the broker", ("subject", "a"), ("reply", first.Reply!)));
        await peer.SendAsync(Wire.Deliver([0], Wire.SomeSender, Wire.Publish(second.Reply!, "here")));

        Exception error = await Assert.ThrowsAnyAsync<UdsBrokerException>(() => failing);
        Assert.Equal((expected, code), (error.GetType(), ((UdsBrokerException)error).Code));
        Assert.Contains("said the broker", error.Message, StringComparison.Ordinal);
        Assert.Equal("here", Text.Of(await answered));
        Assert.Empty(others);
        await client.DisposeAsync();
        peer.Dispose();
    }

    [Fact]
    public async Task Gathering_ends_at_once_when_nobody_is_left_to_answer()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<List<string>> gathering = GatherAsync(client, new RequestManyOptions { Deadline = TimeSpan.FromMinutes(5) });
        SentFrame request = await peer.ExpectAsync(FrameKind.Publish);
        await peer.SendAsync(Wire.Error(ErrorCode.ResponderGone, "all are gone", ("subject", "a"), ("reply", request.Reply!)));
        Assert.Empty(await gathering.WaitAsync(TimeSpan.FromSeconds(60), Token));
        await client.DisposeAsync();
        peer.Dispose();
    }

    [Fact]
    public async Task Gathering_goes_on_when_somebody_answers_for_those_who_are_gone()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<List<string>> gathering = GatherAsync(client, new RequestManyOptions { MaxAnswers = 2, Deadline = TimeSpan.FromMinutes(5) });
        SentFrame request = await peer.ExpectAsync(FrameKind.Publish);
        await peer.SendAsync(Wire.Deliver([0], Wire.SomeSender, Wire.Publish(request.Reply!, "one")));
        await peer.SendAsync(Wire.Error(ErrorCode.ResponderGone, "all are gone", ("subject", "a"), ("reply", request.Reply!)));
        await peer.SendAsync(Wire.Deliver([0], Wire.SomeSender, Wire.Publish(request.Reply!, "two")));
        Assert.Equal(["one", "two"], await gathering.WaitAsync(TimeSpan.FromSeconds(60), Token));
        await client.DisposeAsync();
        peer.Dispose();
    }

    private static async Task<List<string>> GatherAsync(UdsBrokerClient client, RequestManyOptions options)
    {
        List<string> answers = [];
        await foreach (Message answer in client.RequestManyAsync("a", default, options, cancellationToken: Token)) answers.Add(Text.Of(answer));
        return answers;
    }

    [Fact]
    public async Task Without_an_answer_the_time_runs_out_and_a_late_answer_is_counted()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient server = broker.NewClient(), client = broker.NewClient();
        await using Subscription requests = await server.SubscribeAsync("slow", cancellationToken: Token);
        await client.ConnectAsync(Token);
        RequestTimeoutException error = await Assert.ThrowsAsync<RequestTimeoutException>(
            async () => await client.RequestAsync("slow", default, timeout: TimeSpan.FromMilliseconds(20), cancellationToken: Token));
        Assert.Equal("slow", error.Subject);
        await (await requests.ReadAsync(Token)).ReplyAsync(Text.Bytes("late"), cancellationToken: Token);
        await server.FlushAsync(Token);
        await client.FlushAsync(Token);
        Assert.Equal(1, client.UnclaimedCount);
        using CancellationTokenSource cancel = new();
        Task<Message> cancelled = client.RequestAsync("slow", default, cancellationToken: cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
    }

    [Fact]
    public async Task One_request_gathers_many_answers_until_there_are_enough()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        List<UdsBrokerClient> servers = [];
        for (int i = 0; i < 5; i++)
        {
            string name = $"{i}";
            servers.Add(broker.NewClient());
            await servers[i].ServeAsync("all", (_, _) => ValueTask.FromResult(Text.Bytes(name)), new ServiceOptions { Queue = null }, Token);
        }

        Assert.Equal(["0", "1", "2", "3", "4"], (await GatherAsync(new RequestManyOptions { MaxAnswers = 5 })).Order());
        Assert.Equal(2, (await GatherAsync(new RequestManyOptions { MaxAnswers = 2 })).Count);
        Assert.Equal(5, (await GatherAsync(new RequestManyOptions { QuietGap = TimeSpan.FromSeconds(1) })).Count);
        Assert.Equal(5, (await GatherAsync(new RequestManyOptions { Deadline = TimeSpan.FromSeconds(1) })).Count);
        foreach (UdsBrokerClient server in servers) await server.DisposeAsync();

        async Task<List<string>> GatherAsync(RequestManyOptions options)
        {
            List<string> answers = [];
            await foreach (Message answer in client.RequestManyAsync("all", default, options, cancellationToken: Token)) answers.Add(Text.Of(answer));
            return answers;
        }
    }

    [Fact]
    public async Task A_request_that_the_connection_did_not_survive_fails_and_is_not_sent_again()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<Message> lost = client.RequestAsync("a", Text.Bytes("lost"), cancellationToken: Token).AsTask();
        SentFrame sent = await peer.ExpectAsync(FrameKind.Publish);
        Assert.Matches($"^_INBOX\\.{Wire.SomeId}\\.[0-9a-f]{{16}}$", sent.Reply);
        peer.Dispose();
        await Assert.ThrowsAsync<ConnectionLostException>(() => lost);

        Guid newId = Guid.Parse("01920000-0000-7000-8000-000000000002");
        using FakePeer next = await broker.WelcomeAsync(Wire.Welcome(newId));
        Task<Message> again = client.RequestAsync("a", Text.Bytes("again"), cancellationToken: Token).AsTask();
        sent = await next.ExpectAsync(FrameKind.Publish);
        Assert.Equal("again", sent.Payload);
        Assert.Matches($"^_INBOX\\.{newId}\\.[0-9a-f]{{16}}$", sent.Reply);
        await next.SendAsync(Wire.Deliver([0], Wire.SomeSender, Wire.Publish(sent.Reply!, "here")));
        Assert.Equal("here", Text.Of(await again));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_knows_the_identity_of_a_client_cannot_answer_a_request_that_it_was_not_given()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task<Message>[] asked =
            [.. Enumerable.Range(0, 64).Select(i => client.RequestAsync("bank", Text.Bytes($"{i}"), timeout: TimeSpan.FromMinutes(5), cancellationToken: Token).AsTask())];
        List<string> replies = [];
        foreach (Task<Message> _ in asked) replies.Add((await peer.ExpectAsync(FrameKind.Publish)).Reply!);
        ulong[] numbers = [.. replies.Select(reply => Convert.ToUInt64(reply[^16..], 16))];

        // Near and far of what it has seen of others, in every spelling that a number has.
        ulong[] guesses = [.. Enumerable.Range(0, 1000).Select(i => (ulong)i), .. numbers.SelectMany(number => new[] { number - 1, number + 1, number ^ (1UL << 63) })];
        string inbox = replies[0][..^16];
        foreach (string guess in guesses.SelectMany(guess => new[] { $"{guess}", $"{guess:x}", $"{guess:x16}" }).Concat(numbers.Select(number => $"{number}")))
            await peer.SendAsync(Wire.Deliver([0], Wire.SomeSender, Wire.Publish(inbox + guess, "forged")));
        await peer.SendAsync(replies.Select(reply => Wire.Deliver([0], Wire.SomeSender, Wire.Publish(reply, "true"))).ToArray());

        Assert.All(await Task.WhenAll(asked), answer => Assert.Equal("true", Text.Of(answer)));
        Assert.Equal(64, numbers.Distinct().Count());
        for (int bit = 0; bit < 64; bit++) // of 64 random ones each bit is the same in all once in 2^63 times
            Assert.InRange(numbers.Count(number => (number >> bit & 1) == 1), 1, 63);
        await client.DisposeAsync();
        peer.Dispose();
    }

    [Fact]
    public async Task A_direct_message_reaches_the_open_inbox_of_its_recipient_only()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient one = broker.NewClient(), two = broker.NewClient();
        await two.ConnectAsync(Token);
        await one.SendAsync(two.Id, Text.Bytes("nobody reads"), cancellationToken: Token);
        await one.FlushAsync(Token);
        await two.FlushAsync(Token);
        Assert.Equal(1, two.UnclaimedCount);

        Subscription inbox = await two.OpenInboxAsync(cancellationToken: Token);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await two.OpenInboxAsync(cancellationToken: Token));
        for (int i = 0; i < 100; i++) await one.SendAsync(two.Id, Text.Bytes($"{i}"), cancellationToken: Token);
        Message first = await inbox.ReadAsync(Token);
        Assert.Equal(("0", one.Id), (Text.Of(first), first.Sender));
        Assert.Equal(Enumerable.Range(1, 99).Select(i => $"{i}"), await Text.ReadAsync(inbox, 99));
        await inbox.DisposeAsync();
        await using Subscription again = await two.OpenInboxAsync(cancellationToken: Token);
        await one.SendAsync(two.Id, Text.Bytes("again"), cancellationToken: Token);
        Assert.Equal("again", Text.Of(await again.ReadAsync(Token)));
        Assert.Equal(0, one.UnclaimedCount);
    }

    [Fact]
    public async Task A_service_handles_as_many_at_once_as_it_may_and_finishes_what_it_began()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient server = broker.NewClient(), client = broker.NewClient();
        SemaphoreSlim go = new(0);
        TaskCompletionSource three = new();
        int atOnce = 0, most = 0;
        Service service = await server.ServeAsync(
            "work",
            async (request, _) =>
            {
                int now = Interlocked.Increment(ref atOnce);
                most = Math.Max(most, now);
                if (now == 3) three.TrySetResult();
                await go.WaitAsync(Token);
                Interlocked.Decrement(ref atOnce);
                return request.Payload;
            },
            new ServiceOptions { MaxConcurrency = 3 },
            Token);
        await client.ConnectAsync(Token); // so that all requests are sent before the flush
        Task<string[]> answers = Task.WhenAll(Enumerable.Range(0, 10).Select(async i => Text.Of(await client.RequestAsync("work", Text.Bytes($"{i}"), cancellationToken: Token))));
        await three.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        await client.FlushAsync(Token);
        Task disposing = service.DisposeAsync().AsTask();
        go.Release(10);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), await answers.WaitAsync(TimeSpan.FromSeconds(60), Token));
        await disposing.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal(3, most);
        await service.Completion;
    }
}

using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

/// <summary>What a service promises when something does not fit, and at its end.</summary>
public class ServiceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_that_is_too_large_is_an_error_at_the_caller()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        byte[] large = new byte[Limits.Default.MaxPayloadBytes + 1];
        await using Service service = await client.ServeAsync("large", (_, _) => ValueTask.FromResult<ReadOnlyMemory<byte>>(large), cancellationToken: Token);
        ServiceException error = await Assert.ThrowsAsync<ServiceException>(async () => await client.RequestAsync("large", default, timeout: Patience, cancellationToken: Token));
        Assert.Equal(Service.UnexpectedErrorCode, error.ServiceCode);
        Assert.Contains($"{large.Length} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_error_text_is_cut_between_characters()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        string most = new('x', 4095);
        await using Service service = await client.ServeAsync("long", (_, _) => throw new InvalidDataException(most + "😀😀"), cancellationToken: Token);
        ServiceException error = await Assert.ThrowsAsync<ServiceException>(async () => await client.RequestAsync("long", default, timeout: Patience, cancellationToken: Token));
        Assert.Equal((Service.UnexpectedErrorCode, most), (error.ServiceCode, error.Message));
    }

    [Fact]
    public async Task An_error_whose_text_cannot_be_sent_is_told_without_it_and_the_event_has_the_original()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(welcome: Wire.Welcome(limits: Limits.Default with { MaxHeaderBytes = 64 }));
        Task<Service> serving = client.ServeAsync("a", (_, _) => throw new ServiceException(42, new string('x', 100)), cancellationToken: Token).AsTask();
        uint sid = (await peer.AcceptSubscriptionAsync()).Sid;
        TaskCompletionSource<Exception> failed = new();
        (await serving).HandlerFailed += (_, error) => failed.TrySetResult(error);

        await peer.SendAsync(Wire.Deliver(sid, Wire.Publish("a", "", reply: "answer")));

        SentFrame answer = await peer.ExpectAsync(FrameKind.Publish);
        Assert.Equal("answer", answer.Subject);
        Assert.Equal(
            new Dictionary<string, string> { [KnownHeaders.Error] = "the text cannot be sent", [KnownHeaders.ErrorCode] = "42" }, HeaderCodec.Decode(answer.Headers));
        Assert.Equal(new string('x', 100), (await failed.Task.WaitAsync(Patience, Token)).Message);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Disposing_a_service_again_waits_for_the_same_end()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        Service service = await client.ServeAsync("echo", (request, _) => ValueTask.FromResult(request.Payload), cancellationToken: Token);
        Task first = service.DisposeAsync().AsTask();
        Assert.Same(first, service.DisposeAsync().AsTask());
        await first.WaitAsync(Patience, Token);
        await service.DisposeAsync();
    }

    [Fact]
    public async Task A_service_whose_time_is_up_begins_no_more_requests()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient server = new(broker.Options with { DrainTimeout = TimeSpan.FromMilliseconds(50) }), client = broker.NewClient();
        TaskCompletionSource begun = new(), cancelled = new(), go = new();
        int handled = 0;
        Service service = await server.ServeAsync(
            "slow",
            async (request, token) =>
            {
                Interlocked.Increment(ref handled);
                token.Register(cancelled.SetResult);
                begun.TrySetResult();
                await go.Task;
                return request.Payload;
            },
            cancellationToken: Token);
        for (int i = 0; i < 30; i++) await client.PublishAsync("slow", default, cancellationToken: Token);
        await client.FlushAsync(Token);
        await begun.Task.WaitAsync(Patience, Token);
        await server.FlushAsync(Token);

        Task disposing = service.DisposeAsync().AsTask();
        await cancelled.Task.WaitAsync(Patience, Token);
        go.SetResult();

        await disposing.WaitAsync(Patience, Token);
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task While_away_a_service_still_lets_its_handlers_finish()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { DrainTimeout = Patience });
        TaskCompletionSource<bool> go = new();
        TaskCompletionSource begun = new(), away = new();
        bool wasCancelled = true;
        Task<Service> serving = client.ServeAsync(
            "slow",
            async (request, token) =>
            {
                begun.SetResult();
                await go.Task;
                wasCancelled = token.IsCancellationRequested;
                return request.Payload;
            },
            cancellationToken: Token).AsTask();
        uint sid = (await peer.AcceptSubscriptionAsync()).Sid;
        Service service = await serving;
        await peer.SendAsync(Wire.Deliver(sid, Wire.Publish("slow", "")));
        await begun.Task.WaitAsync(Patience, Token);
        client.Disconnected += _ => away.TrySetResult();
        peer.Dispose();
        await away.Task.WaitAsync(Patience, Token);

        Task disposing = service.DisposeAsync().AsTask();
        go.SetResult(true);

        await disposing.WaitAsync(Patience, Token);
        Assert.False(wasCancelled);
        await client.DisposeAsync();
    }
}

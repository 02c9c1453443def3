using System.Net.Sockets;
using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

public class PublishTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_arrives_with_all_its_parts()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        await client.PublishAsync("orders.eu", Text.Bytes("hello"), new Dictionary<string, string> { ["k"] = "v", ["ü"] = "é" }, "answers.1", Token);
        SentFrame sent = await peer.ExpectAsync(FrameKind.Publish);
        Assert.Equal(("orders.eu", "hello", "answers.1"), (sent.Subject, sent.Payload, sent.Reply));
        Assert.Equal(new Dictionary<string, string> { ["k"] = "v", ["ü"] = "é" }, HeaderCodec.Decode(sent.Headers));

        await client.PublishAsync(Subject.Parse("größe"), ReadOnlyMemory<byte>.Empty, cancellationToken: Token);
        sent = await peer.ExpectAsync(FrameKind.Publish);
        Assert.Equal(("größe", "", null), (sent.Subject, sent.Payload, sent.Reply));
        Assert.Empty(sent.Headers);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_subject_that_only_the_former_broker_took_is_an_error_of_the_caller_and_not_a_violation()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Events events = new(client);
        string text = new('s', 100);
        Subject subject = Subject.Parse(text);
        await client.PublishAsync(text, default, cancellationToken: Token);
        await client.PublishAsync(subject, default, cancellationToken: Token);
        peer.Dispose();
        using FakePeer next = await broker.WelcomeAsync(Wire.Welcome(limits: Limits.Default with { MaxSubjectBytes = 64 }));
        await events.ConnectedAsync();

        await Assert.ThrowsAsync<FormatException>(async () => await client.PublishAsync(text, default, cancellationToken: Token));
        FormatException error = await Assert.ThrowsAsync<FormatException>(async () => await client.PublishAsync(subject, default, cancellationToken: Token));
        await Assert.ThrowsAsync<FormatException>(async () => await client.RequestAsync(text, default, cancellationToken: Token));

        Assert.Contains("100", error.Message, StringComparison.Ordinal);
        Assert.Contains("64", error.Message, StringComparison.Ordinal);
        await client.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a.*")]
    [InlineData("a b")]
    public async Task A_subject_that_breaks_the_rules_is_refused_before_it_is_sent(string subject)
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        await Assert.ThrowsAsync<FormatException>(async () => await client.PublishAsync(subject, default, cancellationToken: Token));
        await Assert.ThrowsAsync<FormatException>(async () => await client.PublishAsync("good", default, reply: subject.Length == 0 ? ".." : subject, cancellationToken: Token));
        await client.PublishAsync("good", Text.Bytes("1"), cancellationToken: Token);
        Assert.Equal("1", (await peer.ExpectAsync(FrameKind.Publish)).Payload);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_reply_subject_is_as_long_as_the_broker_takes_subjects()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(welcome: Wire.Welcome(limits: Limits.Default with { MaxSubjectBytes = 2000 }));
        string reply = new('r', 2000);

        await client.PublishAsync("a", default, reply: reply, cancellationToken: Token);

        Assert.Equal(reply, (await peer.ExpectAsync(FrameKind.Publish)).Reply);
        await Assert.ThrowsAsync<FormatException>(async () => await client.PublishAsync("a", default, reply: reply + "r", cancellationToken: Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task What_is_larger_than_the_broker_takes_is_refused_before_it_is_sent()
    {
        using FakeBroker broker = new();
        Limits limits = Limits.Default with { MaxPayloadBytes = 100, MaxHeaders = 1, MaxHeaderBytes = 64 };
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(welcome: Wire.Welcome(limits: limits));
        UdsBrokerException error = await Assert.ThrowsAsync<UdsBrokerException>(async () => await client.PublishAsync("a", new byte[101], cancellationToken: Token));
        Assert.Equal(ErrorCode.PayloadTooBig, error.Code);
        Assert.Contains("101", error.Message, StringComparison.Ordinal);
        Dictionary<string, string> tooMany = new() { ["a"] = "", ["b"] = "" };
        error = await Assert.ThrowsAsync<UdsBrokerException>(async () => await client.PublishAsync("a", default, tooMany, cancellationToken: Token));
        Assert.Equal(ErrorCode.BadHeader, error.Code);
        Dictionary<string, string> tooLong = new() { ["a"] = new string('x', 80) };
        error = await Assert.ThrowsAsync<UdsBrokerException>(async () => await client.PublishAsync("a", default, tooLong, cancellationToken: Token));
        Assert.Equal(ErrorCode.BadHeader, error.Code);
        await client.PublishAsync("a", new byte[100], cancellationToken: Token);
        await peer.ExpectAsync(FrameKind.Publish);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task The_callers_memory_is_free_as_soon_as_the_call_returns()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        byte[] payload = new byte[4];
        for (int i = 0; i < 1000; i++)
        {
            Encoding.ASCII.GetBytes($"{i:0000}", payload);
            await client.PublishAsync("a", payload, cancellationToken: Token);
        }

        for (int i = 0; i < 1000; i++) Assert.Equal($"{i:0000}", (await peer.ExpectAsync(FrameKind.Publish)).Payload);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Many_threads_keep_their_own_order_and_share_writes()
    {
        const int Threads = 8, Each = 5_000;
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Task publishing = Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++) await client.PublishAsync($"thread.{thread}", Text.Bytes($"{i}"), cancellationToken: Token);
        })));
        int[] next = new int[Threads];
        for (int i = 0; i < Threads * Each; i++)
        {
            SentFrame sent = await peer.ExpectAsync(FrameKind.Publish);
            int thread = int.Parse(sent.Subject!["thread.".Length..], null);
            Assert.Equal($"{next[thread]++}", sent.Payload);
        }

        await publishing;
        Assert.All(next, count => Assert.Equal(Each, count));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task When_the_broker_does_not_read_the_publisher_waits_and_goes_on_when_it_does()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { WriteBufferBytes = 64 * 1024 });
        byte[] payload = new byte[1000];

        // Several times what the write buffer and the kernel take; what the sender takes for its last write makes room for some more.
        List<Task> publishing = [];
        while (publishing.Count < 4000 || publishing[^1].IsCompleted)
        {
            Assert.InRange(publishing.Count, 0, 4500);
            publishing.Add(client.PublishAsync($"n.{publishing.Count}", payload, cancellationToken: Token).AsTask());
        }

        for (int i = 0; i < publishing.Count; i++) Assert.Equal($"n.{i}", (await peer.ExpectAsync(FrameKind.Publish)).Subject);
        await Task.WhenAll(publishing).WaitAsync(TimeSpan.FromSeconds(60), Token);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task The_kernel_takes_more_than_is_usual_before_the_broker_reads()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { DrainTimeout = TimeSpan.Zero });
        using Socket usual = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        for (int i = 0; i < 1000; i++) _ = client.PublishAsync("a", new byte[1000], cancellationToken: Token).AsTask();

        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (peer.Socket.Available <= usual.SendBufferSize) await Task.Delay(1, patience.Token);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Publishers_that_do_not_wait_meet_the_hard_bound()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer _) = await broker.ConnectAsync(
            broker.Options with { WriteBufferBytes = 64 * 1024, MaxBufferedPublishBytes = 128 * 1024, DrainTimeout = TimeSpan.Zero });
        byte[] payload = new byte[1000];
        PublishBufferFullException error = await Assert.ThrowsAsync<PublishBufferFullException>(() =>
        {
            while (true) _ = client.PublishAsync("a", payload, cancellationToken: Token).AsTask();
        });
        Assert.Contains("Await each PublishAsync", error.Message, StringComparison.Ordinal);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_message_of_16_MiB_is_one_message()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        await using Subscription subscription = await client.SubscribeAsync("big", new SubscriptionOptions { PendingBytes = 32 << 20, Credit = 0 }, Token);
        byte[] payload = new byte[16 << 20];
        new Random(1).NextBytes(payload);
        await client.PublishAsync("big", payload, cancellationToken: Token);
        await client.PublishAsync("big", Text.Bytes("small"), cancellationToken: Token);
        Message big = await subscription.ReadAsync(Token);
        Assert.Equal(payload.Length, big.Payload.Length);
        Assert.Equal(payload.Length, payload.AsSpan().CommonPrefixLength(big.Payload.Span));
        Assert.Equal("small", Text.Of(await subscription.ReadAsync(Token)));
    }

    [Fact]
    public async Task Messages_of_all_sizes_arrive_whole_and_in_order_while_buffers_grow_and_shrink()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        await using Subscription subscription = await client.SubscribeAsync("sizes", cancellationToken: Token);
        int[] sizes = [0, 1, 300_000, 5, 70_000, 1_200_000, 128, 260_000, 17, 3_000_000, 64];
        for (int round = 0; round < 2; round++)
        {
            foreach (int size in sizes)
            {
                byte[] payload = new byte[size];
                new Random(size + round).NextBytes(payload);
                await client.PublishAsync("sizes", payload, cancellationToken: Token);
                Message message = await subscription.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Token);
                Assert.True(payload.AsSpan().SequenceEqual(message.Payload.Span), $"{size} bytes in round {round}");
            }

            for (int i = 0; i < 1100; i++) await client.PingAsync(Token);
        }
    }

    [Fact]
    public async Task A_flush_tells_what_became_of_the_messages_since_the_last_flush()
    {
        await using RoutingBroker broker = new();
        await using UdsBrokerClient client = broker.NewClient();
        await using Subscription one = await client.SubscribeAsync("a.*", cancellationToken: Token);
        await using Subscription two = await client.SubscribeAsync("a.b", cancellationToken: Token);
        await client.PublishAsync("a.b", default, cancellationToken: Token);
        await client.PublishAsync("a.c", default, cancellationToken: Token);
        await client.PingAsync(Token);
        await client.PublishAsync("nobody", default, cancellationToken: Token);
        await using Subscription three = await client.SubscribeAsync("c", cancellationToken: Token);
        Assert.Equal(new Receipt(3, 3, 0), await client.FlushAsync(Token));
        Assert.Equal(new Receipt(0, 0, 0), await client.FlushAsync(Token));
        Assert.True(await client.PingAsync(Token) > TimeSpan.Zero);
    }

    [Fact]
    public async Task An_error_of_the_broker_is_an_event_and_the_connection_lives()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        TaskCompletionSource<ErrorCommand> second = new();
        int heard = 0;
        client.ErrorReceived += error =>
        {
            if (++heard == 1) throw new InvalidOperationException("a handler that throws ends nothing");
            second.TrySetResult(error);
        };
        await peer.SendAsync(Wire.Error(ErrorCode.NotAllowed, "first"));
        await peer.SendAsync(Wire.Error(ErrorCode.NotAllowed, "no", ("subject", "secret")));
        await peer.SendAsync(Wire.Ping(5));
        Assert.Equal(5ul, (await peer.ExpectAsync(FrameKind.Pong)).Token);
        ErrorCommand told = await second.Task.WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal((ErrorCode.NotAllowed, "no", "secret"), (told.Code, told.Message, told.Context!["subject"]));
        Assert.True(client.IsConnected);
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Without_room_for_messages_while_away_a_connected_publisher_waits_as_usual()
    {
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync(broker.Options with { WriteBufferBytes = 4096, MaxBufferedPublishBytes = 0 });
        List<Task> taken = [];
        bool wasAskedToWait = false;
        PublishBufferFullException error = await Assert.ThrowsAsync<PublishBufferFullException>(() =>
        {
            while (true)
            {
                taken.Add(client.PublishAsync("a", new byte[1000], cancellationToken: Token).AsTask());
                wasAskedToWait = !taken[^1].IsCompleted;
            }
        });
        Assert.True(wasAskedToWait);
        Assert.Contains("the bound is 4096", error.Message, StringComparison.Ordinal);
        foreach (Task _ in taken) await peer.ExpectAsync(FrameKind.Publish);
        await Task.WhenAll(taken);
        await client.DisposeAsync();
    }
}

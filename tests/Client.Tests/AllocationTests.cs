namespace UdsBroker.Client.Tests;

/// <summary>Counts what the whole process allocates, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
[Collection(nameof(AllocationTests))]
public class AllocationTests
{
    /// <summary>The smallest object there is; anything made per message costs at least this.</summary>
    private const int SmallestObject = 24;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Reading_in_batches_allocates_nothing_per_message() => AssertReadingAsync(
        subscription =>
        {
            long seen = 0;
            while (subscription.TryReadBatch(out MessageBatch batch))
            {
                using (batch) seen += CountPlain(batch);
            }

            return seen;
        },
        most: SmallestObject / 4);

    [Fact]
    public Task Reading_one_by_one_allocates_the_payload_and_nothing_else() => AssertReadingAsync(
        subscription =>
        {
            long seen = 0;
            while (subscription.TryRead(out Message message)) seen += message.Payload.Length / 10;
            return seen;
        },
        most: 40 + (SmallestObject / 4));

    [Fact]
    public async Task Publishing_allocates_nothing_per_message()
    {
        const int Messages = 50_000;
        await using RawSink sink = new();
        await using UdsBrokerClient client = new(new UdsBrokerOptions { Path = sink.Path, DrainTimeout = TimeSpan.Zero });
        byte[] payload = new byte[128];
        for (int i = 0; i < Messages; i++) await client.PublishAsync("a.b.c", payload, cancellationToken: Token);

        await AssertPerMessageAsync(Messages, SmallestObject / 4, async () =>
        {
            for (int i = 0; i < Messages; i++) await client.PublishAsync("a.b.c", payload, cancellationToken: Token);
        });
    }

    [Fact]
    public async Task A_request_allocates_its_answer_and_nothing_else()
    {
        const int Requests = 5000, Answer = 300;
        using EchoPeer peer = new();
        await using UdsBrokerClient client = new(new UdsBrokerOptions { Path = peer.Path, DrainTimeout = TimeSpan.Zero });
        byte[] payload = new byte[128];
        CancellationToken token = Token;
        await AskAsync(Requests);
        await AssertPerMessageAsync(Requests, Answer, () => AskAsync(Requests));

        async Task AskAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Message answer = await client.RequestAsync("a.b", payload, cancellationToken: token).ConfigureAwait(false);
                if (answer.Payload.Length != payload.Length) throw new InvalidDataException();
            }
        }
    }

    [Fact]
    public async Task Gathering_answers_takes_no_receive_buffer_for_good()
    {
        const int Requests = 500, OneBuffer = 16 * 1024;
        using EchoPeer peer = new();
        await using UdsBrokerClient client = new(new UdsBrokerOptions { Path = peer.Path, DrainTimeout = TimeSpan.Zero });
        byte[] payload = new byte[128];
        RequestManyOptions one = new() { MaxAnswers = 1 };
        await GatherAsync();
        await AssertPerMessageAsync(Requests, OneBuffer / 2, GatherAsync);

        async Task GatherAsync()
        {
            for (int i = 0; i < Requests; i++)
            {
                await foreach (Message answer in client.RequestManyAsync("a.b", payload, one, cancellationToken: Token)) Assert.Equal(payload.Length, answer.Payload.Length);
            }
        }
    }

    // Messages of ten bytes, read as soon as they are there by a function that tells how many it took.
    private static async Task AssertReadingAsync(Func<Subscription, long> read, int most)
    {
        const int Messages = 1000, Runs = 10;
        using FakeBroker broker = new();
        (UdsBrokerClient client, FakePeer peer) = await broker.ConnectAsync();
        Subscription subscription = await SubscribeTests.SubscribeAsync(client, peer, ">");
        byte[] run = Wire.Deliver(subscription.Sid, Enumerable.Range(0, Messages).Select(i => Wire.Publish("a.b", "0123456789")).ToArray());
        await ReadAsync(2 * Runs);
        await AssertPerMessageAsync(Runs * Messages, most, () => ReadAsync(Runs));
        await client.DisposeAsync();

        async Task ReadAsync(int runs)
        {
            for (int i = 0; i < runs; i++)
            {
                await peer.Socket.SendAsync(run, Token);
                for (long seen = 0; seen < Messages && await subscription.WaitToReadAsync(Token);) seen += read(subscription);
            }
        }
    }

    // A reader that falls further behind than ever before needs new buffers, and code that resumes on another thread finds other pools. What is allocated
    // for each message shows in every round, of which the least counts.
    private static async Task AssertPerMessageAsync(int messages, int most, Func<Task> round)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await round();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        double perMessage = least / (double)messages;
        Assert.True(perMessage < most, $"{perMessage:0.0} bytes per message");
    }

    private static long CountPlain(MessageBatch batch)
    {
        long count = 0;
        foreach (MessageView view in batch)
        {
            if (view.Payload.Length == 10 && view.SubjectText.Length == 3) count++;
        }

        return count;
    }
}

using System.Text;
using UdsBroker.Protocol;

namespace UdsBroker.Client.Tests;

public class RunQueueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly ReceiveBufferPool Pool = new(1024, keep: 2);

    [Theory]
    [InlineData(10)]
    [InlineData(1024)]
    [InlineData(100_000)]
    public void Whatever_size_the_runs_have_the_messages_are_the_same(int sourceSize)
    {
        RunQueue queue = new(1 << 20, 1 << 20, SlowReaderPolicy.DropOldest);
        List<string> expected = [];
        Random random = new(42);
        int number = 0;
        for (int run = 0; run < 300; run++)
        {
            string[] texts = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => $"{number++}")];
            expected.AddRange(texts);
            Add(queue, texts, sourceSize);
        }

        Assert.Equal(expected, Read(queue).Select(message => message.Text));
    }

    [Fact]
    public void Small_neighbours_of_one_sender_become_one_entry()
    {
        RunQueue queue = new(1 << 20, 1 << 20, SlowReaderPolicy.DropOldest);
        for (int i = 0; i < 10; i++) Add(queue, [$"{i}"]);
        Add(queue, ["other"], sender: Guid.Empty);
        RunBatch batch = new();
        Assert.True(queue.TryTake(batch));
        Assert.Equal([10, 1], batch.Entries[batch.First..batch.End].Select(entry => entry.Count));
    }

    [Fact]
    public async Task The_buffer_of_a_run_is_given_back_when_its_last_message_is_read_and_not_at_the_next_read()
    {
        await using UdsBrokerClient client = new(new UdsBrokerOptions { Path = "/nowhere/at/all" });
        Subscription subscription = new(client, 1, SubjectPattern.Parse("s"), "s", new SubscriptionOptions { Credit = 0 }, client.Options);
        byte[] frames = Frames(["1", "2"]);
        ReceiveBuffer source = new(frames.Length, null);
        frames.CopyTo(source.Bytes, 0);
        subscription.Deliver(source, 0, frames.Length, 2, Wire.SomeSender);

        Assert.True(subscription.TryRead(out _));
        Assert.False(source.IsUnshared);
        Assert.True(subscription.TryRead(out Message last));
        Assert.Equal("2", Encoding.UTF8.GetString(last.Payload.Span));
        Assert.True(source.IsUnshared);
        Assert.False(subscription.TryRead(out _));
    }

    [Theory]
    [InlineData(SlowReaderPolicy.DropOldest, 1)]
    [InlineData(SlowReaderPolicy.DropOldest, 7)]
    [InlineData(SlowReaderPolicy.DropOldest, 64)]
    [InlineData(SlowReaderPolicy.DropNewest, 1)]
    [InlineData(SlowReaderPolicy.DropNewest, 7)]
    [InlineData(SlowReaderPolicy.DropNewest, 64)]
    public void Received_and_missed_add_up_and_every_gap_is_at_its_place(SlowReaderPolicy policy, int maxMessages)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            RunQueue queue = new(random.Next(100, 2000), maxMessages, policy);
            int published = 0, expected = 0;
            ulong missed = 0;
            for (int step = 0; step < 60; step++)
            {
                string[] texts = [.. Enumerable.Range(0, random.Next(1, 15)).Select(_ => $"{published++}")];
                Add(queue, texts, random.Next(2) == 0 ? 1024 : 100_000);
                if (random.Next(4) == 0)
                {
                    ulong gap = (ulong)random.Next(1, 5);
                    queue.AddGap(gap);
                    published += (int)gap;
                }

                if (random.Next(5) == 0) Check();
            }

            Add(queue, [$"{published++}"]);
            Check();
            Add(queue, [$"{published++}"]);
            Check();
            Assert.Equal(published, expected);
            Assert.Equal(missed, queue.MissedTotal);

            void Check()
            {
                foreach ((string text, ulong before) in Read(queue))
                {
                    missed += before;
                    expected += (int)before;
                    Assert.Equal($"{expected++}", text);
                }
            }
        }
    }

    [Fact]
    public void The_bounds_hold_and_one_message_always_fits()
    {
        RunQueue queue = new(1024, 10, SlowReaderPolicy.DropOldest);
        Add(queue, [new string('x', 5000)], 100_000);
        Assert.Equal(1, queue.Waiting.Messages);
        Add(queue, [.. Enumerable.Range(0, 100).Select(i => $"{i}")]);
        Assert.Equal(10, queue.Waiting.Messages);
        Assert.Equal(Enumerable.Range(90, 10).Select(i => $"{i}"), Read(queue).Select(message => message.Text));
        Add(queue, [.. Enumerable.Range(0, 5).Select(i => new string('x', 400))], 100_000);
        Assert.InRange(queue.Waiting.Bytes, 800, 1024);
    }

    [Fact]
    public void Every_buffer_goes_back_when_all_is_read_or_let_go()
    {
        ReceiveBufferPool pool = new(8192, keep: 100);
        HashSet<ReceiveBuffer> all = [];
        RunQueue queue = new(20_000, 50, SlowReaderPolicy.DropOldest);
        for (int i = 0; i < 100; i++)
        {
            ReceiveBuffer source = pool.Take();
            all.Add(source);
            byte[] frames = Frames([.. Enumerable.Range(0, i % 30 + 1).Select(n => new string('x', 200))]);
            frames.CopyTo(source.Bytes, 0);
            queue.Add(source, 0, frames.Length, i % 30 + 1, Wire.SomeSender);
            source.Release();
            if (i % 10 == 0) Read(queue);
        }

        queue.Clear();
        Assert.All(all, buffer => Assert.Throws<InvalidOperationException>(buffer.Release));
    }

    [Fact]
    public async Task After_the_end_what_waits_is_read_and_then_the_fault_is_thrown()
    {
        RunQueue queue = new(1024, 10, SlowReaderPolicy.DropOldest);
        ValueTask<bool> waiting = queue.WaitAsync(Token);
        Add(queue, ["1"]);
        Assert.True(await waiting);
        queue.Complete(new InvalidDataException("why"));
        queue.Complete();
        Add(queue, ["late"]);
        Assert.True(await queue.WaitAsync(Token));
        Assert.Equal("1", Assert.Single(Read(queue)).Text);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await queue.WaitAsync(Token));
    }

    [Fact]
    public async Task One_writer_and_one_reader_at_full_speed_lose_nothing()
    {
        const int Runs = 50_000;
        RunQueue queue = new(long.MaxValue, long.MaxValue, SlowReaderPolicy.DropOldest);
        Task writing = Task.Run(() =>
        {
            for (int i = 0; i < Runs; i++) Add(queue, [$"{i}"], i % 3 == 0 ? 64 : 100_000);
            queue.Complete();
        }, Token);
        int expected = 0;
        while (await queue.WaitAsync(Token))
        {
            foreach ((string text, _) in Read(queue)) Assert.Equal($"{expected++}", text);
        }

        Assert.Equal(Runs, expected);
        await writing;
    }

    private static void Add(RunQueue queue, string[] texts, int sourceSize = 1024, Guid? sender = null)
    {
        byte[] frames = Frames(texts);
        ReceiveBuffer source = sourceSize == 1024 && frames.Length <= 1024 ? Pool.Take() : new ReceiveBuffer(Math.Max(sourceSize, frames.Length), null);
        frames.CopyTo(source.Bytes, 0);
        queue.Add(source, 0, frames.Length, texts.Length, sender ?? Wire.SomeSender);
        source.Release();
    }

    private static byte[] Frames(string[] texts) => Wire.Join([.. texts.Select(text => Wire.Publish("s", text))]);

    private static List<(string Text, ulong MissedBefore)> Read(RunQueue queue)
    {
        List<(string, ulong)> messages = [];
        RunBatch batch = new();
        if (!queue.TryTake(batch)) return messages;
        while (batch.TryNext(out ReadOnlySpan<byte> frame, out FrameHead head, out MessageOrigin origin))
            messages.Add((Encoding.UTF8.GetString(frame.Slice(head.PayloadStart, head.PayloadLength)), origin.MissedBefore));
        return messages;
    }
}

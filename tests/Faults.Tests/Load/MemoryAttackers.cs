using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using UdsBroker.Broker.Tests.Actors;
using UdsBroker.Broker.Tests.Core;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// Peers that want the broker's memory, each in the way of its kind, and that come again as soon as they are closed: subscribers that allow much to wait
/// and do not read, publishers that send as fast as they can, and those who claim the largest payload, send part of it and fall silent.
/// </summary>
/// <param name="socket">The broker's path.</param>
/// <param name="campaign">Its seed decides what each does.</param>
internal sealed class MemoryAttackers(string socket, Campaign campaign)
{
    private const int Subjects = 16;
    private const int LargestPayload = 16 << 20;

    private static readonly int[] Sizes = [100, 4000, 60_000, 300_000, 1 << 20];
    private static readonly byte[] Claim = [.. Frames.Hello(), 0x95, 0x05, 0xA1, 0x61, 0xC0, 0xC0, 0xC6, LargestPayload >> 24, 0x00, 0x00, 0x00];
    private static readonly byte[] PartOfPayload = new byte[LargestPayload - 1];

    private readonly ConcurrentDictionary<CloseReason, long> _closed = new();
    private readonly ConcurrentQueue<string> _withoutReason = new();
    private readonly byte[][] _floods = [.. Sizes.SelectMany(size => Enumerable.Range(0, Subjects).Select(subject => Flood(subject, size)))];
    private long _connections;
    private long _refused;
    private long _lateReaders;

    /// <summary>How often somebody connected.</summary>
    internal long Connections => _connections;

    /// <summary>How often the broker let nobody in.</summary>
    internal long Refused => _refused;

    /// <summary>How often a subscriber that did not read found in the end that its time to read the reason was over.</summary>
    internal long LateReaders => _lateReaders;

    /// <summary>To whom the end came without its reason although they were reading, and how.</summary>
    internal IReadOnlyCollection<string> WithoutReason => _withoutReason;

    /// <summary>The reasons that those who were let in found in their GOODBYE, and how often.</summary>
    internal IReadOnlyDictionary<CloseReason, long> Closed => _closed;

    /// <summary>Attacks until the time has come; then all have left.</summary>
    internal Task AttackAsync(int stalled, int flooders, int claimers, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        Func<RawClient, SeededRandom, CancellationToken, Task>[] kinds =
        [
            .. Enumerable.Repeat(StallAsync, stalled), .. Enumerable.Repeat(FloodAsync, flooders), .. Enumerable.Repeat(ClaimAsync, claimers),
        ];
        return Task.WhenAll(kinds.Select((live, number) => Task.Run(
            async () =>
            {
                var random = new SeededRandom(campaign.Seed, number);
                while (clock.Elapsed < time)
                {
                    var wanted = TimeSpan.FromMilliseconds(500 + random.Next(6000));
                    var left = time - clock.Elapsed;
                    await RunPeerAsync(live, random, wanted < left ? wanted : left);
                }
            },
            Campaign.Cancelled)));
    }

    // It leaves by itself in the end, with whatever is on the way to it, if the broker does not close it before.
    private async Task RunPeerAsync(Func<RawClient, SeededRandom, CancellationToken, Task> live, SeededRandom random, TimeSpan time)
    {
        Interlocked.Increment(ref _connections);
        using var peer = RawClient.Open(socket);
        using var life = new CancellationTokenSource(time > TimeSpan.Zero ? time : TimeSpan.Zero);
        await using var end = life.Token.Register(peer.Dispose);
        try
        {
            await live(peer, random, life.Token);
        }
        catch (Exception) when (life.IsCancellationRequested)
        {
            // It left by itself.
        }
        catch (RefusedException refused)
        {
            Assert.Equal(CloseReason.Overloaded, refused.Reason);
            Interlocked.Increment(ref _refused);
            await Task.Delay(20, Campaign.Cancelled);
        }
    }

    private async Task StallAsync(RawClient peer, SeededRandom random, CancellationToken life)
    {
        var options = new SubscribeOptions
        {
            Overflow = random.Of<OverflowPolicy>([.. Enum.GetValues<OverflowPolicy>()]),
            PendingBytes = 1ul << (20 + random.Next(7)), // up to 64 MiB
        };
        await ConnectAsync(peer, [.. Frames.Hello(), .. Frames.Subscribe(1, random.OneIn(4) ? "cap.>" : $"cap.{random.Next(Subjects)}", options)]);
        await Task.Delay(random.Next(random.OneIn(4) ? 6000 : 1000), life);
        if (!HasReason(await ReadToEndAsync(peer))) Interlocked.Increment(ref _lateReaders);
    }

    private async Task FloodAsync(RawClient peer, SeededRandom random, CancellationToken life)
    {
        await ConnectAsync(peer, Frames.Hello());
        var end = ReadToEndAsync(peer);
        while (!end.IsCompleted && !life.IsCancellationRequested && await IsTakenAsync(peer, random.Of<byte[]>(_floods)))
        {
        }

        await RecordEndAsync("a publisher", end, life);
    }

    private async Task ClaimAsync(RawClient peer, SeededRandom random, CancellationToken life)
    {
        await ConnectAsync(peer, Claim);
        var end = ReadToEndAsync(peer);
        await IsTakenAsync(peer, PartOfPayload.AsMemory(0, 1 + random.Next(PartOfPayload.Length)));
        await RecordEndAsync("one that claims", end, life);
    }

    // A socket that its owner closes while it is in a call of the kernel may read as ended, too.
    private async Task RecordEndAsync(string who, Task<CloseReason?> end, CancellationToken life)
    {
        var (clock, reason) = (Stopwatch.StartNew(), await end);
        if (!HasReason(reason) && !life.IsCancellationRequested) _withoutReason.Enqueue($"{who}, {clock.ElapsedMilliseconds} ms after its last bytes, at {DateTime.UtcNow:T}");
    }

    private bool HasReason(CloseReason? reason)
    {
        if (reason is not { } said) return false;
        _closed.AddOrUpdate(said, 1, (_, count) => count + 1);
        return true;
    }

    private static async Task ConnectAsync(RawClient peer, byte[] frames)
    {
        await IsTakenAsync(peer, frames); // a peer that is refused finds the reason in the answer
        var answer = await peer.NextFrameAsync();
        if (answer is not null && CommandReader.TryReadGoodbye(answer, out var goodbye, out _)) throw new RefusedException(goodbye.Reason);
        Assert.True(CommandReader.TryReadWelcome(answer, out _, out _));
    }

    // The reason, or null when the broker's bytes end without one.
    private static async Task<CloseReason?> ReadToEndAsync(RawClient peer)
    {
        try
        {
            return await peer.ReadToGoodbyeAsync();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return null;
        }
    }

    // False when the broker has closed the connection, whose GOODBYE may still be read.
    private static async Task<bool> IsTakenAsync(RawClient peer, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await peer.SendAsync(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    // As many messages as make one large send, or one large message.
    private static byte[] Flood(int subject, int size) =>
        Frames.Join(Enumerable.Repeat(Frames.Publish($"cap.{subject}", new byte[size]), Math.Max(1, 120_000 / size)));

    private sealed class RefusedException(CloseReason reason) : Exception
    {
        internal CloseReason Reason => reason;
    }
}

using System.Globalization;
using System.Text;
using UdsBroker.Client;
using UdsBroker.Protocol;

namespace UdsBroker.Faults.Tests;

/// <summary>
/// What goes on beside the mass of a soak: a service that is asked, a group that shares work, a subject of which the last message is kept. Each is counted
/// exactly: every request has its own answer, every piece of work one worker, and what is kept is always the newest.
/// </summary>
internal sealed class SoakClients : IAsyncDisposable
{
    private readonly UdsBrokerClient _asker;
    private readonly UdsBrokerClient _giver;
    private readonly UdsBrokerClient[] _workers;
    private readonly List<Subscription> _shares = [];
    private Service? _service;
    private Receipt _work;
    private long _asked;
    private long _served;
    private long _done;
    private long _sumOfDone;
    private long _kept;

    internal SoakClients(string socket)
    {
        _asker = new UdsBrokerClient(new UdsBrokerOptions { Path = socket });
        _giver = new UdsBrokerClient(new UdsBrokerOptions { Path = socket });
        _workers = [new UdsBrokerClient(new UdsBrokerOptions { Path = socket }), new UdsBrokerClient(new UdsBrokerOptions { Path = socket })];
    }

    /// <summary>The result as text.</summary>
    internal string Figures => $"{_asked} requests answered, {_work.Published} pieces of work done once, {_kept} messages kept in turn";

    /// <summary>Goes on until it is told to stop, and counts then.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        _service = await _workers[0].ServeAsync("side.ask", (request, _) =>
        {
            Interlocked.Increment(ref _served);
            return ValueTask.FromResult(request.Payload);
        }, cancellationToken: Campaign.Cancelled);
        foreach (var worker in _workers)
            _shares.Add(await worker.SubscribeAsync("side.work", new SubscriptionOptions { Queue = "workers" }, Campaign.Cancelled));
        var working = _shares.Select(WorkAsync).ToList();
        while (!stop.IsCancellationRequested)
        {
            await AskAsync();
            await ShareAsync();
            await KeepAsync();
            await Task.Delay(1, Campaign.Cancelled);
        }

        await Wait.Until(() => Interlocked.Read(ref _done) >= (long)_work.Published, () => $"{_done} of {_work.Published} pieces of work are done");
        foreach (var share in _shares) await share.DrainAsync(Campaign.Cancelled);
        await Task.WhenAll(working);
        var pieces = (long)_work.Published;
        Assert.Equal((_work.Published, 0ul), (_work.Matched, _work.Dropped));
        Assert.Equal((pieces, pieces * (pieces - 1) / 2), (_done, _sumOfDone));
        Assert.Equal(_asked, _served);
        Assert.Equal(0ul, _shares.Aggregate(0ul, (sum, share) => sum + share.MissedCount));
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null) await _service.DisposeAsync();
        foreach (var client in (UdsBrokerClient[])[_asker, _giver, .. _workers]) await client.DisposeAsync();
    }

    private async Task AskAsync()
    {
        var answer = await _asker.RequestAsync("side.ask", Bytes(_asked), timeout: Wait.Patience, cancellationToken: Campaign.Cancelled);
        Assert.Equal(_asked++, Number(answer));
    }

    private async Task ShareAsync()
    {
        for (var i = 0L; i < 10; i++) await _giver.PublishAsync("side.work", Bytes((long)_work.Published + i), cancellationToken: Campaign.Cancelled);
        _work += await _giver.FlushAsync(Campaign.Cancelled);
    }

    private async Task KeepAsync()
    {
        await _workers[1].PublishAsync("side.kept", Bytes(++_kept), PublishOptions.Retained, Campaign.Cancelled);
        await _workers[1].FlushAsync(Campaign.Cancelled);
        var kept = new List<long>();
        await foreach (var message in _workers[0].GetRetainedAsync("side.*", Campaign.Cancelled)) kept.Add(Number(message));
        Assert.Equal([_kept], kept);
    }

    private async Task WorkAsync(Subscription share)
    {
        await foreach (var message in share.WithCancellation(Campaign.Cancelled))
        {
            Interlocked.Add(ref _sumOfDone, Number(message));
            Interlocked.Increment(ref _done);
        }
    }

    private static byte[] Bytes(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    private static long Number(in Message message) => long.Parse(Encoding.ASCII.GetString(message.Payload.Span), CultureInfo.InvariantCulture);
}

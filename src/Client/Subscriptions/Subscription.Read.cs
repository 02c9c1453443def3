using UdsBroker.Protocol;

namespace UdsBroker.Client;

// The reader's side. A batch taken from the queue is read without a lock. With credit, a message counts as read when the reader asks for
// the next one, so that a reader with a credit of 1 never has a second message waiting while it works on the first.
public sealed partial class Subscription
{
    private readonly RunBatch _batch = new();
    private bool _isLeased;
    private volatile bool _isReleased;
    private long _unreportedReads;

    /// <summary>Takes the next message if one is there already. Allocates the message's own payload, nothing else for subjects that repeat.</summary>
    /// <param name="message">The message, which may be kept without limit.</param>
    /// <returns>False when no message is there right now: see <see cref="WaitToReadAsync"/>.</returns>
    public bool TryRead(out Message message)
    {
        if (_isLeased) ThrowLeased();
        if (_isReleased) _batch.Clear();
        ReportReads();
        if (!_batch.TryNext(out ReadOnlySpan<byte> frame, out FrameHead head, out MessageOrigin origin)
            && (!Refill() || !_batch.TryNext(out frame, out head, out origin)))
        {
            message = default;
            return false;
        }

        _unreportedReads++;
        message = Message.Copy(frame, head, origin, this);
        _batch.FinishRead();
        return true;
    }

    /// <summary>Waits until a message can be read.</summary>
    /// <param name="cancellationToken">Cancels only the wait.</param>
    /// <returns>True when <see cref="TryRead"/> or <see cref="TryReadBatch"/> will succeed; false when the subscription has ended and everything was read.</returns>
    /// <exception cref="UdsBrokerException">
    /// The subscription ended with an error: it was refused, its reader was too slow, or the client gave up.
    /// </exception>
    /// <exception cref="InvalidOperationException">Another reader waits already.</exception>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default)
    {
        if (_isReleased && !_isLeased) _batch.Clear();
        ReportReads(isIdle: true);
        return _batch.Messages > 0 ? new ValueTask<bool>(true) : _queue.WaitAsync(cancellationToken);
    }

    /// <summary>Takes all messages that are there already, where they are.</summary>
    /// <param name="batch">The messages; dispose it.</param>
    /// <returns>False when nothing waits right now.</returns>
    /// <exception cref="InvalidOperationException">The previous batch was not disposed.</exception>
    public bool TryReadBatch(out MessageBatch batch)
    {
        if (_isLeased) ThrowLeased();
        if (_isReleased) _batch.Clear();
        ReportReads(isIdle: true);
        if (_batch.Messages == 0 && !Refill())
        {
            batch = default;
            return false;
        }

        _batch.TrimRead();
        _isLeased = true;
        batch = new MessageBatch(this, _batch.Messages, ++_batch.Version);
        return true;
    }

    /// <summary>Waits for messages and takes all that are there.</summary>
    /// <param name="cancellationToken">Cancels only the wait.</param>
    /// <returns>The messages; a batch of none when the subscription has ended. Dispose it.</returns>
    /// <exception cref="UdsBrokerException">The subscription did not end well.</exception>
    public async ValueTask<MessageBatch> ReadBatchAsync(CancellationToken cancellationToken = default)
    {
        MessageBatch batch;
        while (!TryReadBatch(out batch))
        {
            if (!await WaitToReadAsync(cancellationToken).ConfigureAwait(false)) break;
        }

        return batch;
    }

    /// <summary>Waits for one message and takes it.</summary>
    /// <param name="cancellationToken">Cancels only the wait.</param>
    /// <exception cref="SubscriptionEndedException">The subscription has ended and everything was read.</exception>
    /// <exception cref="UdsBrokerException">The subscription did not end well.</exception>
    public async ValueTask<Message> ReadAsync(CancellationToken cancellationToken = default)
    {
        Message message;
        while (!TryRead(out message))
        {
            if (!await WaitToReadAsync(cancellationToken).ConfigureAwait(false)) throw new SubscriptionEndedException(Pattern);
        }

        return message;
    }

    /// <summary>Reads message by message until the subscription ends. Leaving the loop does not end the subscription; a second loop goes on.</summary>
    /// <param name="cancellationToken">Ends the loop with an <see cref="OperationCanceledException"/>.</param>
    public IAsyncEnumerator<Message> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new MessageEnumerator(this, cancellationToken);

    /// <summary>The runs behind a batch that was handed out.</summary>
    internal RunBatch Lease(int version)
    {
        ObjectDisposedException.ThrowIf(!_isLeased || version != _batch.Version, typeof(MessageBatch));
        return _batch;
    }

    internal void EndLease(int version)
    {
        if (!_isLeased || version != _batch.Version) return;
        _isLeased = false;
        _unreportedReads += _batch.Messages;
        _batch.Clear();
        ReportReads(isIdle: true);
    }

    private bool Refill()
    {
        if (_isReleased) return false;
        _batch.Clear();
        return _queue.TryTake(_batch);
    }

    private static void ThrowLeased() =>
        throw new InvalidOperationException("Dispose the batch that TryReadBatch gave before reading on: its memory is still in use.");

    private void ReportReads(bool isIdle = false)
    {
        if (_credit is null || _unreportedReads == 0 || (!isIdle && _unreportedReads < _credit.Window / 2)) return;
        long read = _unreportedReads;
        _unreportedReads = 0;
        ReportRead(read);
    }

    private void ReportRead(long messages)
    {
        if (_credit is not null && !IsDraining) Client.GrantFor(this, messages);
    }

    /// <summary>The reader has read messages: gives the credit to hand out now, 0 for none.</summary>
    internal long CreditFor(long messages)
    {
        lock (_creditGate) return _credit!.OnRead(messages);
    }

    private sealed class MessageEnumerator(Subscription subscription, CancellationToken cancellationToken) : IAsyncEnumerator<Message>
    {
        private Message _current;

        public Message Current => _current;

        public ValueTask<bool> MoveNextAsync()
        {
            if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancellationToken);
            return subscription.TryRead(out _current) ? new ValueTask<bool>(true) : WaitAsync();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private async ValueTask<bool> WaitAsync()
        {
            while (await subscription.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (subscription.TryRead(out _current)) return true;
            }

            return false;
        }
    }
}

using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// A request that takes answers until its caller has enough: they wait in a bounded queue like that of any subscription. Its caller keeps the time.
/// That everybody who was given it has ended is the end of it only while no answer has come: the broker says so when none of those has answered, so
/// an answer is from somebody whom the request was passed on to, and there may be more.
/// </summary>
internal sealed class ManyRequest(Subscription answers) : IPendingRequest
{
    private bool _isAnswered;

    public bool IsOnce => false;

    public void OnAnswer(ReceiveBuffer buffer, int offset, int length, Guid sender)
    {
        _isAnswered = true;
        answers.Deliver(buffer, offset, length, 1, sender);
    }

    public void OnRefused(ErrorCommand error)
    {
        if (_isAnswered && error.Code == ErrorCode.ResponderGone) return;
        answers.End(Unanswered.Means(error.Code) ? new Unanswered(error) : new UdsBrokerException(error.Code, error.Message));
    }

    public void OnLost(Exception error) => answers.End(error);

    public void OnExpired() => answers.End(fault: null);
}

using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>
/// A request that takes answers until its caller has enough: they wait in a bounded queue like that of a subscription. Its caller enforces
/// the deadline. "Responder gone" ends it only while no answer has come: the broker sends it when none of those that were given the request
/// has answered, so an earlier answer came from somebody to whom the request was passed on, and more may follow.
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
        answers.End(NoAnswersException.Means(error.Code) ? new NoAnswersException(error) : new UdsBrokerException(error.Code, error.Message));
    }

    public void OnLost(Exception error) => answers.End(error);

    public void OnExpired() => answers.End(fault: null);
}

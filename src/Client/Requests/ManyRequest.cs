using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>A request that takes answers until its caller has enough: they wait in a bounded queue like that of any subscription. Its caller keeps the time.</summary>
internal sealed class ManyRequest(Subscription answers) : IPendingRequest
{
    public bool IsOnce => false;

    public void OnAnswer(ReceiveBuffer buffer, int offset, int length, Guid sender) => answers.Deliver(buffer, offset, length, 1, sender);

    public void OnRefused(ErrorCommand error) =>
        answers.End(Unanswered.Means(error.Code) ? new Unanswered(error) : new UdsBrokerException(error.Code, error.Message));

    public void OnLost(Exception error) => answers.End(error);

    public void OnExpired() => answers.End(fault: null);
}

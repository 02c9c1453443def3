using UdsBroker.Protocol;

namespace UdsBroker.Client;

/// <summary>What ends the gathering of answers without a fault: the broker says that nobody is left to answer.</summary>
internal sealed class Unanswered(ErrorCommand error) : UdsBrokerException(error.Code, error.Message)
{
    /// <summary>Whether an error of this code says so.</summary>
    public static bool Means(ErrorCode code) => code is ErrorCode.NoResponders or ErrorCode.GoneIdentity or ErrorCode.ResponderGone;
}

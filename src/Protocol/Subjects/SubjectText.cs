using System.Text;

namespace UdsBroker.Protocol;

/// <summary>Encodes .NET text as the bytes of a subject, strictly, so that two different texts never become the same subject.</summary>
internal static class SubjectText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The UTF-8 of a text; false, with no bytes, when it holds a lone surrogate.</summary>
    public static bool TryEncode(string text, out byte[] utf8)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            utf8 = Strict.GetBytes(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            utf8 = [];
            return false;
        }
    }
}

using System.Text;

namespace UdsBroker.Broker.Load;

/// <summary>Names of the code as people read them in statistics: in lower case, with hyphens.</summary>
internal static class Words
{
    internal static string Of(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0) words.Append('-');
            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
